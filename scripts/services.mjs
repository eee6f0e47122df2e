// The servers that the suite `services` runs on: where they are on this machine, and how to get them.
import {existsSync, readdirSync} from 'node:fs';
import {delimiter, join} from 'node:path';

/** The newest folder of a Debian package that installs several versions side by side. */
const newestOf = (folder, below) =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .sort((left, right) => Number(right) - Number(left))
    .map((version) => join(folder, version, below));

const inPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/sbin', '/usr/local/sbin')
    .map((folder) => join(folder, name));

/** Title, Debian package, and the places of the program. Debian's wrapper of RabbitMQ insists on its own user and folder. */
export const services = {
  postgres: {
    title: 'PostgreSQL',
    package: 'postgresql',
    places: () => [...newestOf('/usr/lib/postgresql', 'bin/postgres'), ...inPath('postgres')],
  },
  rabbitmq: {
    title: 'RabbitMQ',
    package: 'rabbitmq-server',
    places: () => ['/usr/lib/rabbitmq/bin/rabbitmq-server', ...inPath('rabbitmq-server')],
  },
  nats: {title: 'NATS', package: 'nats-server', places: () => inPath('nats-server')},
};

/** The program of a service; undefined when it is not on this machine. */
export const findService = (name) => services[name].places().find((place) => existsSync(place));

// The care system's own register: what this host knows of its citizens.
import {characters} from '@bsp/korsbaek';

const plans = {
  maude: {team: 'Rehabilitering Øst', help: 'Hjemmetræning', next: 'I dag 14.30'},
  holger: {team: 'Hjemmepleje Nord', help: 'Kompressionsstrømper, morgen og aften', next: 'I dag 20.00'},
  ingeborg: {team: 'Hjemmepleje Nord', help: 'Praktisk hjælp hver anden uge', next: 'Mandag 10.00'},
  bente: {team: 'Hjælpemidler', help: 'Kontorplads, afprøvning', next: 'Onsdag 09.15'},
};

/** In the order of the care system's own list. Ids are its own: no number stands in an address. */
export const careCitizens = () =>
  Object.entries(plans).map(([key, plan], index) => {
    const {name, cpr} = characters.find((one) => one.key === key);
    return {id: `o-${1041 + index * 7}`, name, cpr, ...plan};
  });

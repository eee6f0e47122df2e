// The gateway as it runs by default, on its embedded database: another name, other flags of Node.
import './gateway.mjs';

// Sends one signed delivery to a server that runs, an example for instance, and prints the reply.
//
//   node demo/send.ts <vendor> <event> [--to http://127.0.0.1:3000/webhooks] [--connection <name>] [--secret <secret>]
import { parseArgs } from 'node:util';
import { vendors } from './vendors.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: 'http://127.0.0.1:3000/webhooks' },
    connection: { type: 'string' },
    secret: { type: 'string' },
  },
});
const [wanted = '', event = ''] = positionals;

const vendor = vendors.find(({ name, exportName }) => wanted === name || wanted === exportName);
if (!vendor) {
  throw new RangeError(`There is no vendor "${wanted}"; there are ${vendors.map(({ name }) => name).join(', ')}`);
}

const { origin, pathname } = new URL(values.to);
// An event that a vendor does not have is refused with the list of those that it has.
const { method, path, headers, body } = vendor.deliveries(
  event,
  {},
  { ...values, origin, base: pathname.replace(/\/$/, '') },
);
const response = await fetch(`${origin}${path}`, { method, headers, body });
console.log(response.status, await response.text());

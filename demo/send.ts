// Sends one signed delivery to a server that runs, an example for instance, and prints the reply.
//
//   node demo/send.ts <vendor> <event> [--to http://127.0.0.1:3000/webhooks] [--connection <name>] [--secret <secret>]
import { parseArgs } from 'node:util';
import { deliver, type VendorDeliveries } from '@chathooks/testing';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: 'http://127.0.0.1:3000/webhooks' },
    connection: { type: 'string' },
    secret: { type: 'string' },
  },
});
const [vendor = '', event = ''] = positionals;

// An event that a vendor does not have is refused with the list of those that it has.
const vendors = new Map(Object.entries(deliver) as [string, VendorDeliveries<string>][]);
const deliveries = vendors.get(vendor);
if (!deliveries) throw new RangeError(`There is no vendor "${vendor}"; there are ${[...vendors.keys()].join(', ')}`);

const base = new URL(values.to);
const { method, path, headers, body } = deliveries(event, {}, { ...values, base: base.pathname.replace(/\/$/, '') });
const response = await fetch(new URL(path, base), { method, headers, body });
console.log(response.status, await response.text());

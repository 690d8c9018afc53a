import { deliver, type SignedDelivery } from '@chathooks/testing';
import { expect, it } from 'vitest';
import { startProgram } from './start-program.ts';

const start = (file: string, environment: Record<string, string>) => startProgram(`examples/${file}`, environment);
const secrets = {
  WEXIO_WEBHOOK_SECRET: 'wexio-test-secret',
  WHATSAPP_CLOUD_APP_SECRET: 'whatsapp-cloud-test-secret',
  WHATSAPP_CLOUD_VERIFY_TOKEN: 'whatsapp-cloud-test-token',
};

/** The channel's own id of the message that a delivery of WhatsApp is about. */
function wamidIn({ body }: SignedDelivery): string {
  const { entry } = JSON.parse(new TextDecoder().decode(body));
  const { messages, statuses } = entry[0].changes[0].value;
  return (messages ?? statuses)[0].id;
}

/** What Wexio tells of a message of WhatsApp. */
const fromWexio = (event: Parameters<typeof deliver.wexio>[0], wamid: string, id: string) =>
  deliver.wexio(event, { id, data: { message: { raw: { providerMessageId: wamid } } } });

it('the example two-vendors handles once what both vendors tell, whoever is first', async () => {
  const server = await start('two-vendors/server.ts', secrets);
  const tell = async (...deliveries: SignedDelivery[]) => {
    for (const delivery of deliveries) expect(await server.post(delivery)).toBe(200);
  };

  const text = deliver.whatsappCloud('message.text');
  await tell(fromWexio('message.inbound.created', wamidIn(text), 'evt_1'), text);
  const image = deliver.whatsappCloud('message.image');
  await tell(image, fromWexio('message.inbound.created', wamidIn(image), 'evt_2'));

  // Wexio tells of what the team wrote through it; Meta tells of its statuses only. Wexio's documentation shows statuses
  // without the channel's id: this one has it.
  const delivered = deliver.whatsappCloud('statuses.delivered');
  const sent = wamidIn(delivered);
  await tell(fromWexio('message.outbound.created', sent, 'evt_3'));
  const read = { readAt: '2026-06-10T08:17:00.000Z', raw: { providerMessageId: sent } };
  await tell(
    deliver.wexio('message.outbound.updated', { id: 'evt_4', data: { message: read, previous: { readAt: null } } }),
  );
  await tell(delivered, deliver.whatsappCloud('statuses.read'));

  expect(await server.stop()).toEqual([
    'crm: message 1, inbound, told by wexio',
    'whatsapp-cloud told of a message.inbound that is handled already',
    'crm: message 2, inbound, told by whatsapp-cloud',
    'wexio told of a message.inbound that is handled already',
    'crm: message 3, outbound, told by wexio',
    'crm: message 3 is read, told by wexio',
    'whatsapp-cloud is late with delivered',
    'whatsapp-cloud told of a message.status that is handled already',
  ]);
});

it('the example two-vendors refuses what neither vendor signed', async () => {
  const server = await start('two-vendors/server.ts', secrets);
  expect(await server.post(deliver.whatsappCloud('message.text', {}, { secret: 'guess' }))).toBe(401);
  expect(await server.post(deliver.wexio('message.inbound.created', {}, { secret: 'guess' }))).toBe(401);
  expect(await server.stop()).toEqual([]);
});

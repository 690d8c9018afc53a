// The events that were set aside: node failed.ts, node failed.ts retry <id>, node failed.ts discard <id>
import { storage } from './storage.ts';

const { inbox } = storage;
if (!inbox) throw new Error('This storage has no inbox, and sets nothing aside');

const [command = 'list', id = ''] = process.argv.slice(2);
switch (command) {
  case 'list':
    for await (const { id, entry, attempts, failedAt, reason } of inbox.failed.list()) {
      console.log(`${failedAt} ${id} ${entry.event.type}, tries: ${attempts}, ${reason.code}: ${reason.message}`);
    }
    break;
  case 'retry':
    console.log((await inbox.failed.retry(id)) ? 'It is tried again' : 'There is none');
    break;
  case 'discard':
    console.log((await inbox.failed.discard(id)) ? 'It is deleted' : 'There is none');
    break;
  default:
    throw new Error(`There is no command "${command}", expected list, retry or discard`);
}
await inbox.close?.();

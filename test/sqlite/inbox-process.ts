// A process that has an inbox and does with it what its parent says, see processes.ts.
import type { FailedEvent, Inbox, InboxVerdict } from '@chathooks/core';
import { hasErrorCode } from '@chathooks/core';
import { sqliteInbox } from '@chathooks/sqlite';
import type { FromChild, ToChild } from './processes.ts';

const verdicts = new Map<number, { resolve(verdict: InboxVerdict): void; reject(error: Error): void }>();
let tries = 0;
let inbox: Inbox | undefined;

const send = (message: FromChild) => process.send?.(message);

process.on('message', (message: ToChild) => {
  if (message.kind === 'verdict') {
    const waiting = verdicts.get(message.number);
    verdicts.delete(message.number);
    if (message.verdict) waiting?.resolve(message.verdict);
    else waiting?.reject(new Error('The handler in the parent rejected'));
    return;
  }
  perform(message).then(
    (result) => send({ kind: 'result', number: message.number, result }),
    (error: unknown) => {
      const code = hasErrorCode(error) ? error.code : undefined;
      send({ kind: 'error', number: message.number, code, message: String(error) });
    },
  );
});
process.on('disconnect', () => process.exit());

async function perform(call: Exclude<ToChild, { readonly kind: 'verdict' }>): Promise<unknown> {
  if (call.kind === 'open') {
    inbox = sqliteInbox(call.options);
    return;
  }
  if (!inbox) throw new Error('There is no inbox yet');
  switch (call.kind) {
    case 'put':
      return inbox.put(call.entries);
    case 'start':
      return inbox.start((entry, trial) => {
        const { promise, resolve, reject } = Promise.withResolvers<InboxVerdict>();
        tries += 1;
        verdicts.set(tries, { resolve, reject });
        send({ kind: 'try', number: tries, entry, trial });
        return promise;
      });
    case 'list':
      return listAll(inbox);
    case 'retry':
      return inbox.failed.retry(call.id);
    case 'discard':
      return inbox.failed.discard(call.id);
    default:
      return inbox[call.kind]?.();
  }
}

async function listAll({ failed }: Inbox): Promise<readonly FailedEvent[]> {
  const list: FailedEvent[] = [];
  for await (const event of failed.list()) list.push(event);
  return list;
}

import { isRecord, type ProviderEvent } from '../provider.ts';
import { hashKey, type ItemReader, unreadable } from './items.ts';
import * as payloads from './payloads.ts';
import type { Scope } from './scope.ts';

/** What a field that holds no items is about; `undefined` means nothing in our model stands for it. */
export const managementFields: ReadonlyMap<string, 'template.updated' | 'account.updated' | undefined> = new Map([
  ['message_template_status_update', 'template.updated'],
  ['message_template_quality_update', 'template.updated'],
  ['message_template_components_update', 'template.updated'],
  ['template_category_update', 'template.updated'],
  ['template_correct_category_detection', 'template.updated'],
  ['account_update', 'account.updated'],
  ['account_alerts', 'account.updated'],
  ['account_review_update', 'account.updated'],
  ['account_settings_update', 'account.updated'],
  ['business_capability_update', 'account.updated'],
  ['business_username_updates', 'account.updated'],
  ['flows', 'account.updated'],
  ['messaging_handovers', 'account.updated'],
  ['partner_solutions', 'account.updated'],
  ['payment_configuration_update', 'account.updated'],
  ['phone_number_name_update', 'account.updated'],
  ['phone_number_quality_update', 'account.updated'],
  ['security', 'account.updated'],
  ['automatic_events', undefined],
  ['consumer_profile', undefined],
]);

/**
 * Reads a change of a management field, as a whole.
 *
 * @param change - the vendor's object with `field` and `value`
 */
export function readManagement(change: unknown, scope: Scope): readonly ProviderEvent[] {
  const { field, value } = scope;
  const account = payloads.account.safeParse(value).data?.waba_info.waba_id ?? scope.account;
  const key = hashKey(scope, field, value);
  const type = managementFields.get(field);
  if (!type) return [unreadable(change, scope, { providerEvent: field, key, reason: 'not_modelled' })];
  const template = payloads.template.safeParse(value).data?.message_template_id;
  return [
    {
      type,
      key,
      account,
      occurredAt: scope.time(scope.entryTime),
      ordering: type === 'template.updated' && template !== undefined ? `template:${template}` : account,
      mode: scope.mode,
      data: { change: field, payload: value },
      providerEvent: field,
      raw: change,
    },
  ];
}

/**
 * Reads an item of `errors` that stands in a value and not in a message.
 *
 * @remarks
 * Such an error has neither id nor time. What stands beside it tells it from an equal one, as far as that can be.
 */
export const readError: ItemReader = (item, scope) => [
  {
    type: 'account.updated',
    key: hashKey(scope, 'errors', [item, firstIds(scope)]),
    account: scope.account,
    ordering: scope.account,
    mode: scope.mode,
    data: { change: 'errors', payload: item },
    providerEvent: `${scope.field}.errors`,
    raw: item,
  },
];

/** The ids of what comes first in each list beside an error. */
const firstIds = ({ value }: Scope) =>
  [value.messages, value.statuses, value.message_echoes].map((items) => {
    const [first] = Array.isArray(items) ? items : [];
    return isRecord(first) ? first.id : undefined;
  });

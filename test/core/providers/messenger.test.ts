import { describe, expect, it } from 'vitest';
import { ofChange, ofItem, onInstagram, onMessenger, platforms } from './messenger-envelope.ts';

const at = '2026-06-10T08:15:30.000Z';
const customer = { id: '7', channelUserId: '7' };
const business = { id: '9' };

describe.each(platforms)('an item of $channel', (platform) => {
  const { channel } = platform;
  const chat = { id: '7', kind: 'private', channel, channelChatId: '7', integrationId: '9' };
  const common = { account: '9', occurredAt: at, ordering: '7' };
  const inbound = { chatId: '7', direction: 'inbound', from: customer, to: business };
  const ofMessage = (content: object) => ofItem(platform, { message: { mid: 'm_1', ...content } });
  const messageOf = (content: object) => ofMessage(content)[0].data.message;

  it('is an inbound message: a text', () => {
    expect(ofMessage({ text: 'Is it open? ☀️' })).toEqual([
      {
        ...common,
        key: 'm_1',
        type: 'message.inbound',
        providerEvent: 'message',
        data: {
          message: {
            ...inbound,
            id: 'm_1',
            channelMessageId: 'm_1',
            kind: 'text',
            text: 'Is it open? ☀️',
            sentAt: at,
          },
          chat,
        },
      },
    ]);
  });

  it('is an outbound message when it is an echo, whose ids are the other way round', () => {
    const echo = {
      sender: { id: '9' },
      recipient: { id: '7' },
      message: { mid: 'm_2', is_echo: true, app_id: 5, metadata: 'crm-8', text: 'Yes' },
    };
    expect(ofItem(platform, echo)).toEqual([
      {
        ...common,
        key: 'echo:m_2',
        type: 'message.outbound',
        providerEvent: 'message.is_echo',
        data: {
          message: {
            id: 'm_2',
            channelMessageId: 'm_2',
            chatId: '7',
            direction: 'outbound',
            kind: 'text',
            text: 'Yes',
            from: business,
            to: customer,
            sentAt: at,
          },
          chat,
        },
      },
    ]);
  });

  it('has all attachments, with their kinds and links that expire', () => {
    const attachments = [
      { type: 'file', payload: { url: 'https://cdn.example/1.pdf' } },
      { type: 'image', payload: { url: 'https://cdn.example/2.jpg' } },
    ];
    expect(messageOf({ text: 'Both', attachments })).toMatchObject({
      kind: 'document',
      text: 'Both',
      media: [
        { kind: 'document', url: 'https://cdn.example/1.pdf', expires: true },
        { kind: 'image', url: 'https://cdn.example/2.jpg', expires: true },
      ],
    });
  });

  it.each(['image', 'audio', 'video', 'reel', 'ig_reel', 'post', 'ig_post', 'share'])(
    'is of the kind of its first attachment, which can be fetched for a while: %s',
    (kind) => {
      const url = 'https://cdn.example/1';
      const message = messageOf({ attachments: [{ type: kind, payload: { url, title: 'Spring' } }] });
      expect(message).toMatchObject({ kind });
      expect(message.media).toEqual([{ kind, url, expires: true }]);
    },
  );

  it.each(['appointment_booking', 'EPHEMERAL', 'image'])(
    'is of the kind of its first attachment, without anything to be fetched: %s',
    (type) => {
      const message = messageOf({ attachments: [{ type }] });
      expect(message.kind).toBe(type.toLowerCase());
      expect(message).not.toHaveProperty('media');
    },
  );

  it('has a sticker once, however it is announced', () => {
    const image = { type: 'image', payload: { url: 'https://cdn.example/s.png', sticker_id: 5 } };
    const bare = { type: 'image', payload: { url: 'https://cdn.example/s.png' } };
    const sticker = { type: 'sticker', payload: { url: 'https://cdn.example/s.png', sticker_id: 5 } };
    const media = [{ kind: 'sticker', id: '5', url: 'https://cdn.example/s.png', expires: true }];
    for (const attachments of [[image, sticker], [bare, sticker], [sticker], [sticker, image], [image]]) {
      expect(messageOf({ attachments })).toMatchObject({ kind: 'sticker', media });
      expect(messageOf({ attachments }).media).toEqual(media);
    }
  });

  it('keeps pictures beside a sticker', () => {
    const picture = { type: 'image', payload: { url: 'https://cdn.example/p.jpg' } };
    const sticker = { type: 'sticker', payload: { sticker_id: 5 } };
    expect(messageOf({ attachments: [picture, sticker] }).media).toHaveLength(2);
  });

  it('is a text when it shares a link, whose target does not expire', () => {
    const preview = { type: 'fallback', payload: { url: 'https://shop.example/', title: 'Shop' } };
    expect(messageOf({ text: 'https://shop.example/', attachments: [preview] })).toMatchObject({
      kind: 'text',
      text: 'https://shop.example/',
      media: [{ kind: 'fallback', url: 'https://shop.example/' }],
    });
    expect(messageOf({ attachments: [preview] }).kind).toBe('fallback');
    expect(messageOf({ attachments: [{ type: 'fallback', url: 'https://shop.example/' }] }).media).toEqual([
      { kind: 'fallback', url: 'https://shop.example/' },
    ]);
  });

  it('is unsupported when Meta does not pass on the content', () => {
    expect(messageOf({ is_unsupported: true })).toMatchObject({ id: 'm_1', kind: 'unsupported' });
    expect(messageOf({ attachments: [{ type: 'fallback' }] })).toMatchObject({ kind: 'unsupported' });
  });

  it('is of unknown kind when there is nothing in it', () => {
    for (const content of [{}, { text: null }, { text: '' }, { attachments: [] }]) {
      expect(messageOf(content).kind).toBe('unknown');
    }
    expect(messageOf({ attachments: [{}] }).kind).toBe('unknown');
  });

  it('tells the place that was sent', () => {
    const attachments = [{ type: 'location', payload: { coordinates: { lat: 38.7, long: -9.1 } } }];
    const message = messageOf({ attachments });
    expect(message).toMatchObject({ kind: 'location', location: { latitude: 38.7, longitude: -9.1 } });
    expect(message).not.toHaveProperty('media');
  });

  it('tells the product that it asks about', () => {
    const shared = { type: 'template', payload: { product: { elements: [{ id: 1, retailer_id: 'sku-1' }] } } };
    expect(messageOf({ attachments: [shared] })).toMatchObject({ kind: 'template', product: { id: 'sku-1' } });
    const viewed = messageOf({ text: 'Blue?', referral: { product: { id: '12' } } });
    expect(viewed).toMatchObject({ kind: 'text', product: { id: '12' } });
    expect(viewed).not.toHaveProperty('referral');
  });

  it('is a button when a quick reply was tapped', () => {
    expect(messageOf({ text: 'Yes', quick_reply: { payload: 'yes!' } })).toMatchObject({
      kind: 'button',
      text: 'Yes',
      interactive: { id: 'yes!', title: 'Yes' },
    });
  });

  it('names the message that it answers', () => {
    expect(messageOf({ text: 'This', reply_to: { mid: 'm_0' } }).replyTo).toEqual({ messageId: 'm_0' });
  });

  it('names the story that it answers', () => {
    const story = { id: '3', url: 'https://cdn.example/story.jpg' };
    const message = messageOf({ text: 'Nice', reply_to: { story } });
    expect(message).toMatchObject({ kind: 'text', story });
    expect(message).not.toHaveProperty('replyTo');
  });

  it('is a mention when a story mentions the account', () => {
    const url = 'https://cdn.example/mention.jpg';
    expect(messageOf({ attachments: [{ type: 'story_mention', payload: { url } }] })).toMatchObject({
      kind: 'mention',
      story: { url },
      media: [{ kind: 'story_mention', url, expires: true }],
    });
  });

  it('tells the advertisement or link that it came by', () => {
    const referral = {
      ref: 'spring',
      source: 'ADS',
      type: 'OPEN_THREAD',
      ad_id: 55,
      referer_uri: 'https://shop.example/',
      ads_context_data: { ad_title: 'Sale', video_url: 'https://cdn.example/ad.mp4', product_id: 12 },
    };
    expect(messageOf({ text: 'Hi', referral })).toMatchObject({
      product: { id: '12' },
      referral: {
        sourceId: '55',
        sourceType: 'ad',
        sourceUrl: 'https://shop.example/',
        ref: 'spring',
        headline: 'Sale',
        mediaUrl: 'https://cdn.example/ad.mp4',
      },
    });
    expect(messageOf({ referral: { source: 'SHORTLINK', ref: 'x' } }).referral).toEqual({
      sourceType: 'shortlink',
      ref: 'x',
    });
  });

  it('is a button when it is a postback', () => {
    const referral = { ref: 'window', source: 'SHORTLINK' };
    expect(ofItem(platform, { postback: { mid: 'm_3', title: 'Start', payload: 'START', referral } })).toEqual([
      {
        ...common,
        key: 'postback:m_3',
        type: 'message.inbound',
        providerEvent: 'postback',
        data: {
          message: {
            ...inbound,
            id: 'm_3',
            channelMessageId: 'm_3',
            kind: 'button',
            text: 'Start',
            interactive: { id: 'START', title: 'Start' },
            referral: { sourceType: 'shortlink', ref: 'window' },
            sentAt: at,
          },
          chat,
        },
      },
    ]);
  });

  it('says that a message was taken back', () => {
    const flags = [{ is_deleted: true }, { is_deleted: true, is_unsupported: true, text: null }];
    for (const flag of flags) {
      expect(ofMessage(flag)).toEqual([
        {
          ...common,
          key: 'deleted:m_1',
          type: 'message.deleted',
          providerEvent: 'message.is_deleted',
          data: {
            message: { ...inbound, id: 'm_1', channelMessageId: 'm_1', kind: 'unknown' },
            chat,
            deletedAt: at,
          },
        },
      ]);
    }
    expect(ofMessage({ is_deleted: true, is_echo: true })).toMatchObject([
      { providerEvent: 'message.is_deleted', data: { message: { direction: 'outbound' } } },
    ]);
  });

  it('says that a message was edited', () => {
    expect(ofItem(platform, { message_edit: { mid: 'm_1', text: 'Open on Sunday?', num_edit: '2' } })).toEqual([
      {
        ...common,
        key: 'edit:m_1:2',
        type: 'message.updated',
        providerEvent: 'message_edit',
        data: {
          message: {
            ...inbound,
            id: 'm_1',
            channelMessageId: 'm_1',
            kind: 'text',
            text: 'Open on Sunday?',
            editedAt: at,
          },
          chat,
        },
      },
    ]);
  });

  it('is a reaction, or that one was taken back', () => {
    const react = (content: object) => ofItem(platform, { reaction: { mid: 'm_2', ...content } });
    const data = { messageId: 'm_2', channelMessageId: 'm_2', from: customer, chat };
    expect(react({ action: 'react', reaction: 'love', emoji: '❤️' })).toEqual([
      {
        ...common,
        key: 'reaction:m_2:7:react:1781079330000',
        type: 'message.reaction',
        providerEvent: 'reaction',
        data: { ...data, emoji: '❤️' },
      },
    ]);
    expect(react({ action: 'unreact', emoji: '❤️' })).toMatchObject([
      { key: 'reaction:m_2:7:unreact:1781079330000', data: { ...data, emoji: null, removed: '❤️' } },
    ]);
    expect(react({ action: 'unreact' })[0].data).toEqual({ ...data, emoji: null });
    expect(react({ action: 'react', reaction: 'like' })[0].data).toEqual({ ...data, emoji: 'like' });
    expect(react({ action: 'react' })).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'reaction.emoji' }] } },
    ]);
  });

  it('says up to when everything was delivered, and which messages were', () => {
    const status = (id: string) => ({
      ...common,
      key: `status:${id}:delivered`,
      type: 'message.status',
      providerEvent: 'delivery',
      data: { messageId: id, channelMessageId: id, status: 'delivered', recipient: customer, at, chat },
    });
    expect(ofItem(platform, { delivery: { mids: ['m_2', 'm_4', 'm_2'], watermark: 1781079329000 } })).toEqual([
      {
        ...common,
        key: 'delivered:9:7:2026-06-10T08:15:29.000Z',
        type: 'chat.watermark',
        providerEvent: 'delivery',
        data: { status: 'delivered', before: '2026-06-10T08:15:29.000Z', chat },
      },
      status('m_2'),
      status('m_4'),
    ]);
  });

  it('says up to when everything was read, or which message was', () => {
    expect(ofItem(platform, { read: { watermark: 1781079329000 } })).toEqual([
      {
        ...common,
        key: 'read:9:7:2026-06-10T08:15:29.000Z',
        type: 'chat.watermark',
        providerEvent: 'read',
        data: { status: 'read', before: '2026-06-10T08:15:29.000Z', chat },
      },
    ]);
    expect(ofItem(platform, { read: { mid: 'm_2' } })).toEqual([
      {
        ...common,
        key: 'status:m_2:read',
        type: 'message.status',
        providerEvent: 'read',
        data: { messageId: 'm_2', channelMessageId: 'm_2', status: 'read', recipient: customer, at, chat },
      },
    ]);
  });

  it('keeps the advertisement of somebody who came back and wrote nothing with the contact', () => {
    const referral = { ref: 'window', ad_id: '55', ads_context_data: { ad_title: 'Sale', flow_id: null }, list: [1] };
    expect(ofItem(platform, { referral })).toMatchObject([
      {
        ...common,
        type: 'contact.updated',
        providerEvent: 'referral',
        data: {
          contact: {
            ...customer,
            fields: {
              'referral.ref': 'window',
              'referral.ad_id': '55',
              'referral.ads_context_data.ad_title': 'Sale',
            },
          },
        },
      },
    ]);
  });

  it('says that somebody connected an account', () => {
    const account_linking = { status: 'linked', authorization_code: 'shop-5' };
    expect(ofItem(platform, { account_linking })[0]).toMatchObject({
      type: 'contact.updated',
      data: {
        contact: {
          ...customer,
          fields: { 'account_linking.status': 'linked', 'account_linking.authorization_code': 'shop-5' },
        },
      },
    });
  });

  it.each(['pass_thread_control', 'take_thread_control', 'request_thread_control', 'app_roles', 'policy_enforcement'])(
    'passes on %s as a change of the account',
    (change) => {
      const content = { [change]: { metadata: 'x' } };
      const [event, ...others] = ofItem(platform, content);
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        ...common,
        type: 'account.updated',
        providerEvent: change,
        data: { change, payload: { sender: { id: '7' }, ...content } },
      });
    },
  );
});

describe('Messenger', () => {
  it('says that somebody agreed to be written to', () => {
    expect(ofItem(onMessenger, { optin: { ref: 'checkout' } })[0]).toMatchObject({
      type: 'contact.created',
      ordering: '7',
      data: { contact: { ...customer, subscribed: true, fields: { 'optin.ref': 'checkout' } } },
    });
  });

  it('knows somebody who ticked a checkbox by the reference of the business only', () => {
    for (const sender of [undefined, { user_ref: 'cart-5' }]) {
      const content = { ...(sender ? { sender } : { sender: null }), optin: { ref: 'checkout', user_ref: 'cart-5' } };
      const [event] = ofItem(onMessenger, content);
      expect(event).toMatchObject({ type: 'contact.created', ordering: 'cart-5', data: { contact: { id: 'cart-5' } } });
      expect(event.data.contact).not.toHaveProperty('channelUserId');
    }
  });

  it.each([
    [undefined, true],
    ['RESUME_NOTIFICATIONS', true],
    ['STOP_NOTIFICATIONS', false],
    ['STOP NOTIFICATIONS', false],
  ])('tells what somebody wants to hear of, with the status %s', (status, wanted) => {
    const optin = {
      type: 'notification_messages',
      notification_messages_token: 'token-1',
      ...(status && { notification_messages_status: status }),
    };
    expect(ofItem(onMessenger, { optin })[0]).toMatchObject({
      type: 'contact.updated',
      data: {
        contact: {
          ...customer,
          preferences: { notification_messages: wanted },
          fields: { 'optin.notification_messages_token': 'token-1' },
        },
      },
    });
  });

  it('receives carts', () => {
    const products = [
      { id: 12, retailer_id: 'sku-1', name: 'Vase', unit_price: 11.5, currency: 'EUR', quantity: 2 },
      { id: 13 },
    ];
    const [event] = ofItem(onMessenger, { order: { products, note: 'As a present' } });
    expect(event).toMatchObject({
      type: 'message.inbound',
      data: {
        message: {
          kind: 'order',
          text: 'As a present',
          order: {
            items: [
              { productId: 'sku-1', name: 'Vase', price: 11.5, currency: 'EUR', quantity: 2 },
              { productId: '13' },
            ],
          },
        },
        chat: { id: '7' },
      },
    });
    expect(event.data.message.id).toBe(event.key);
    expect(event.data.message).not.toHaveProperty('channelMessageId');
  });

  it('passes on a policy that is enforced, which nobody sent', () => {
    const policy_enforcement = { action: 'block', reason: 'Spam' };
    const [event] = ofItem(onMessenger, { sender: null, policy_enforcement });
    expect(event).toMatchObject({ type: 'account.updated', account: '9', ordering: '9' });
  });

  it('passes on restrictions of the page', () => {
    expect(ofChange(onMessenger, 'business_integrity', { status: 'restricted' })).toMatchObject([
      {
        type: 'account.updated',
        account: '9',
        ordering: '9',
        occurredAt: '2026-06-10T08:15:30.250Z',
        data: { change: 'business_integrity', payload: { status: 'restricted' } },
      },
    ]);
  });

  it.each(['feed', 'story_insights'])('has no event for changes of %s', (field) => {
    expect(ofChange(onMessenger, field, { item: 'post', message: 'Hello' })).toMatchObject([
      { type: 'unknown', providerEvent: field, data: { reason: 'not_modelled' } },
    ]);
  });

  it('has no event for feedback on an answer', () => {
    expect(ofItem(onMessenger, { response_feedback: { feedback: 'Good response', mid: 'm_2' } })).toMatchObject([
      { type: 'unknown', providerEvent: 'response_feedback', account: '9', data: { reason: 'not_modelled' } },
    ]);
  });
});

describe('Instagram', () => {
  const chat = { id: '30', kind: 'channel', channel: 'instagram', channelChatId: '30', integrationId: '9' };
  const value = { id: '20', text: 'Faro?', from: { id: '7', username: 'mirte' }, media: { id: '30' } };

  it.each(['comments', 'live_comments'])('receives %s, which belong to the post', (field) => {
    expect(ofChange(onInstagram, field, { ...value, parent_id: '19' })).toEqual([
      {
        key: 'comment:20',
        account: '9',
        occurredAt: '2026-06-10T08:15:30.250Z',
        ordering: '30',
        type: 'message.inbound',
        providerEvent: field,
        data: {
          message: {
            id: '20',
            chatId: '30',
            direction: 'inbound',
            kind: 'comment',
            text: 'Faro?',
            replyTo: { messageId: '19' },
            from: { ...customer, username: 'mirte' },
            to: business,
          },
          chat,
        },
      },
    ]);
  });

  it('tells a comment on an advertisement', () => {
    const media = { id: '30', ad_id: '55', ad_title: 'Sale' };
    expect(ofChange(onInstagram, 'comments', { ...value, media })[0].data.message.referral).toEqual({
      sourceId: '55',
      sourceType: 'ad',
      headline: 'Sale',
    });
  });

  it('tells the comments of the business itself', () => {
    const [event] = ofChange(onInstagram, 'comments', { ...value, from: { id: '9' } });
    expect(event).toMatchObject({
      type: 'message.outbound',
      data: { message: { direction: 'outbound', from: business } },
    });
    expect(event.data.message).not.toHaveProperty('to');
  });

  it('receives mentions in comments and captions, of which only ids are told', () => {
    const mention = { direction: 'inbound', kind: 'mention', to: business, chatId: '30' };
    expect(ofChange(onInstagram, 'mentions', { media_id: '30', comment_id: '21' })).toMatchObject([
      { key: 'mention:21', data: { message: { ...mention, id: '21' }, chat } },
    ]);
    expect(ofChange(onInstagram, 'mentions', { media_id: '30' })).toMatchObject([
      { key: 'mention:30', data: { message: { ...mention, id: '30' }, chat } },
    ]);
    expect(ofChange(onInstagram, 'mentions', {})).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'media_id' }] } },
    ]);
  });
});

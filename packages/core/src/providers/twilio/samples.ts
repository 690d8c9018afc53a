import { joinSorted, readForm } from '../../signatures/form.ts';
import { hmacKey } from '../../signatures/hmac-key.ts';
import type { JsonObject, Samples } from '../samples.ts';

const account = { AccountSid: 'ACtest0000000000000000000000000001', ApiVersion: '2010-04-01' };
const sms = { From: '+15005550010', To: '+15005550006' };
const whatsapp = {
  From: 'whatsapp:+15005550010',
  To: 'whatsapp:+15005550006',
  WaId: '15005550010',
  ProfileName: 'Mirte Vos',
  ExternalUserId: 'whatsapp:NL.TESTUSER0001',
};
/** The address of somebody whose number is not told. */
const hidden = 'whatsapp:NL.TESTUSER0002';

/** The shapes are the vendor's, the values are made up. */
function incoming(number: number, content: JsonObject): JsonObject {
  const sid = `SMtest${String(number).padStart(4, '0')}`;
  return {
    ...account,
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    SmsStatus: 'received',
    NumSegments: '1',
    NumMedia: '0',
    Body: '',
    ...content,
  };
}

const medium = (id: string, type: string): JsonObject => ({
  NumMedia: '1',
  MediaUrl0: `https://api.example/Media/${id}`,
  MediaContentType0: type,
});

function callback(number: number, status: string, more: JsonObject = {}): JsonObject {
  const sid = `SMtest${String(number).padStart(4, '0')}`;
  return {
    ...account,
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    From: sms.To,
    To: sms.From,
    ...more,
  };
}

const onWhatsApp = {
  From: whatsapp.To,
  To: whatsapp.From,
  ChannelPrefix: 'whatsapp',
  ChannelToAddress: '+15005550010',
};

/** An example of everything that Twilio sends. */
export const samples = {
  secret: 'twilio-test-auth-token',
  encode: (payload) =>
    new URLSearchParams(
      Object.entries(payload).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((text): [string, string] => [name, String(text)]),
      ),
    ).toString(),
  headers: (body, { secret, url }) => ({
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': hmacKey('sha1', secret)(url.split('#', 1)[0] + parametersOf(body), noBody, '', 'base64'),
  }),
  events: {
    'incoming.sms': {
      types: ['message.inbound'],
      payload: incoming(1, {
        ...sms,
        Body: 'Is the shop open on Sunday? ☀️',
        MessagingServiceSid: 'MGtest0000000000000000000000000001',
        FromCity: 'UTRECHT',
        FromCountry: 'NL',
        ToCountry: 'US',
      }),
    },
    'incoming.mms': {
      types: ['message.inbound'],
      payload: incoming(2, {
        ...sms,
        Body: 'Which of the two?',
        NumMedia: '2',
        MediaUrl0: 'https://api.example/Media/MEtest0001',
        MediaContentType0: 'image/jpeg',
        MediaUrl1: 'https://api.example/Media/MEtest0002',
        MediaContentType1: 'video/mp4',
      }),
    },
    'incoming.mms.audio': {
      types: ['message.inbound'],
      payload: incoming(11, { ...sms, ...medium('MEtest0004', 'audio/amr') }),
    },
    'incoming.mms.video': {
      types: ['message.inbound'],
      payload: incoming(12, { ...sms, ...medium('MEtest0005', 'video/3gpp') }),
    },
    'incoming.mms.file': {
      types: ['message.inbound'],
      payload: incoming(13, { ...sms, Body: 'My order', ...medium('MEtest0006', 'application/pdf') }),
    },
    'incoming.stop': {
      types: ['message.inbound', 'contact.updated'],
      payload: incoming(3, { ...sms, Body: 'STOP', OptOutType: 'STOP' }),
    },
    'incoming.start': {
      types: ['message.inbound', 'contact.updated'],
      payload: incoming(4, { ...sms, Body: 'START', OptOutType: 'START' }),
    },
    'incoming.help': {
      types: ['message.inbound'],
      payload: incoming(14, { ...sms, Body: 'HELP', OptOutType: 'HELP' }),
    },
    'incoming.whatsapp': {
      types: ['message.inbound'],
      payload: incoming(5, {
        ...whatsapp,
        MessageType: 'text',
        Body: 'I saw your ad',
        Forwarded: 'true',
        ReferralSourceId: '1200000000001',
        ReferralSourceType: 'ad',
        ReferralSourceUrl: 'https://fb.example/ad',
        ReferralHeadline: 'Spring sale',
        ReferralBody: 'Half price on tulips',
        ReferralCtwaClid: 'TESTCLICK0001',
        ChannelMetadata: '{"type":"whatsapp","data":{"context":{"ProfileName":"Mirte Vos","WaId":"15005550010"}}}',
      }),
    },
    'incoming.whatsapp.image': {
      types: ['message.inbound'],
      payload: incoming(6, { ...whatsapp, MessageType: 'image', ...medium('MEtest0003', 'image/jpeg') }),
    },
    'incoming.whatsapp.location': {
      types: ['message.inbound'],
      payload: incoming(7, {
        ...whatsapp,
        MessageType: 'location',
        Latitude: '52.0907',
        Longitude: '5.1214',
        Address: 'Domplein 1, Utrecht',
        Label: 'Dom',
      }),
    },
    'incoming.whatsapp.button': {
      types: ['message.inbound'],
      payload: incoming(8, {
        ...whatsapp,
        MessageType: 'interactive',
        Body: 'Yes, please',
        ButtonText: 'Yes, please',
        ButtonPayload: 'confirm-42',
        OriginalRepliedMessageSid: 'SMtest0020',
        OriginalRepliedMessageSender: whatsapp.To,
      }),
    },
    'incoming.whatsapp.external_user_id': {
      types: ['message.inbound'],
      payload: incoming(15, {
        From: hidden,
        To: whatsapp.To,
        ExternalUserId: hidden,
        ProfileName: 'Taras',
        MessageType: 'text',
        Body: 'Do you deliver?',
      }),
    },
    'incoming.rcs': {
      types: ['message.inbound'],
      payload: incoming(9, { From: 'rcs:+15005550010', To: 'rcs:test_agent', Body: 'Hi' }),
    },
    'incoming.messenger': {
      types: ['message.inbound'],
      payload: incoming(10, { From: 'messenger:70000000001', To: 'messenger:80000000001', Body: 'Hi' }),
    },
    'status.accepted': {
      types: ['message.status'],
      payload: callback(20, 'accepted', { MessagingServiceSid: 'MGtest0000000000000000000000000001' }),
    },
    'status.scheduled': { types: ['message.status'], payload: callback(25, 'scheduled') },
    'status.queued': { types: ['message.status'], payload: callback(20, 'queued') },
    'status.sending': { types: ['message.status'], payload: callback(20, 'sending') },
    'status.sent': { types: ['message.status'], payload: callback(20, 'sent') },
    'status.delivered': {
      types: ['message.status'],
      payload: callback(20, 'delivered', { RawDlrDoneDate: '2606100816' }),
    },
    'status.delivered.external_user_id': {
      types: ['message.status'],
      payload: callback(26, 'delivered', {
        From: whatsapp.To,
        To: hidden,
        ExternalUserId: hidden,
        ChannelPrefix: 'whatsapp',
        EventType: 'DELIVERED',
      }),
    },
    'status.read': { types: ['message.status'], payload: callback(21, 'read', { ...onWhatsApp, EventType: 'READ' }) },
    'status.undelivered': {
      types: ['message.status'],
      payload: callback(22, 'undelivered', { ErrorCode: '30005', ErrorMessage: 'Unknown destination handset' }),
    },
    'status.failed': {
      types: ['message.status'],
      payload: callback(23, 'failed', {
        ...onWhatsApp,
        ErrorCode: '63016',
        ChannelStatusMessage: 'Outside the allowed window',
      }),
    },
    'status.canceled': { types: ['message.status'], payload: callback(24, 'canceled') },
  },
} satisfies Samples;

const noBody = new Uint8Array(0);

function parametersOf(body: Uint8Array): string {
  try {
    return joinSorted(readForm(body));
  } catch {
    // No form, on purpose: no signature would fit it.
    return '';
  }
}

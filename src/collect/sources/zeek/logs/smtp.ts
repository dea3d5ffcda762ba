import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, overTcp, read, when } from './shared.ts';

export const smtp: Mapping<'smtp'> = {
  kind: 'smtp',
  columns: {
    ...when,
    ...endpoints,
    ...overTcp,
    ...dataset('smtp'),
    smtp_helo: read('helo'),
    email_sender: read('mailfrom'),
    email_recipients: read('rcptto', 'list'),
    email_from: read('from'),
    email_to: read('to', 'list'),
    email_cc: read('cc', 'list'),
    email_reply_to: read('reply_to'),
    email_subject: read('subject'),
    email_message_id: read('msg_id'),
    email_x_mailer: read('user_agent'),
    email_date: read('date'),
    smtp_last_reply: read('last_reply'),
    smtp_path: read('path', 'list'),
    originating_ip: read('x_originating_ip', 'ip'),
    smtp_tls: read('tls', 'boolean'),
    file_uids: read('fuids', 'list'),
  },
};

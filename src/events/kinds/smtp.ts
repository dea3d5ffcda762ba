import { boolean, connectionColumns, defineKind, ip, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'smtp',
  title: 'Mail',
  description: 'One mail transaction.',
  columns: {
    ...connectionColumns,
    smtp_helo: text('HELO or EHLO.'),
    email_sender: text('Envelope sender.', 'email.sender.address'),
    email_recipients: list('Envelope recipients.', 'email.to.address'),
    email_from: text('From header.', 'email.from.address'),
    email_to: list('To header.'),
    email_cc: list('Cc header.', 'email.cc.address'),
    email_reply_to: text('Reply-To header.', 'email.reply_to.address'),
    email_subject: text('Subject.', 'email.subject'),
    email_message_id: text('Message-ID.', 'email.message_id'),
    email_x_mailer: text('User-Agent or X-Mailer.', 'email.x_mailer'),
    email_date: text('Date header as sent.'),
    email_attachments: list('Names of attachments.', 'email.attachments.file.name'),
    smtp_last_reply: text('Last reply of the server.'),
    smtp_path: list('Addresses of the Received headers.'),
    originating_ip: ip('X-Originating-IP.'),
    smtp_tls: boolean('The session went over to TLS.'),
    file_uids: list('Ids of the files that it carried.'),
  },
});

import { VakthundError } from '../../../base/errors.ts';
import { formatIso } from '../../../base/time.ts';
import { severityRank, type Severity } from '../../../events/finding.ts';
import type { Receiver } from './deliver.ts';
import type { Message } from './message.ts';

export interface EmailOptions {
  /** `smtp://user@host:587` (STARTTLS, which is demanded beyond loopback) or `smtps://user@host:465` (TLS from the start). */
  readonly server: string;
  readonly password?: string;
  readonly from: string;
  readonly to: readonly string[];
  /** After a mail, how long what comes is collected for the next. */
  readonly everyMs: number;
}

/** Messages told one by one in a mail. */
const maxMessages = 500;
const timeoutMs = 20_000;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Sends mails: the first message at once, and what comes in the time after it together in the next. */
export function emailReceiver(options: EmailOptions): Receiver {
  const { from, to, everyMs } = options;
  for (const address of [from, ...to]) {
    if (!/^[^\s@<>,;:"()]{1,64}@[^\s@<>,;:"()]{1,255}$/.test(address)) {
      throw new VakthundError('USAGE', `"${address}" is no e-mail address`, { hint: 'soc@example.org' });
    }
  }
  const transport = transportOptions(options);
  return {
    id: `mail to ${to.join(', ')}`,
    digest: { most: maxMessages, everyMs },
    async send(texts) {
      const messages = texts.map((text) => JSON.parse(text) as Message);
      const { createTransport } = await import('nodemailer');
      const mailer = createTransport(transport);
      try {
        await mailer.sendMail({
          from,
          to: [...to],
          ...mailText(messages),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } finally {
        mailer.close();
      }
    },
  };
}

/** How the server is spoken to. Throws for an address that is none, or that would send a password in the clear. */
export function transportOptions({ server, password }: Pick<EmailOptions, 'server' | 'password'>) {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new VakthundError('USAGE', 'the mail server is no smtp or smtps address', { hint: 'smtp://user@host:587' });
  }
  if (url.password !== '') {
    throw new VakthundError('USAGE', 'a password on the command line could be read by everybody', {
      hint: '--smtp-password-file FILE',
    });
  }
  const isSecure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && !loopback.has(url.hostname),
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Subject and text. What comes from evidence has no controls left that could begin a header or a line of its own. */
export function mailText(messages: readonly Message[]): { readonly subject: string; readonly text: string } {
  const [first] = messages;
  let worst: Severity = 'info';
  for (const { severity } of messages) if (severityRank(severity) > severityRank(worst)) worst = severity;
  const host = plain(first?.host ?? '');
  const subject =
    messages.length === 1
      ? `[vakthund ${host}] ${worst}: ${plain(first?.text ?? '').slice(0, 120)}`
      : `[vakthund ${host}] ${messages.length} messages, the worst is ${worst}`;
  const lines = messages.map(({ time, severity, text }) => `${formatIso(time)}  ${severity.padEnd(8)}  ${plain(text)}`);
  return { subject, text: `${lines.join('\n')}\n\nThe stories behind them: vakthund report\n` };
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

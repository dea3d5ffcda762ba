import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { VakthundError } from '../../../base/errors.ts';
import type { Severity } from '../../../events/finding.ts';
import { deliver, type Receiver } from '../../../case/watch/delivery/deliver.ts';
import { emailReceiver } from '../../../case/watch/delivery/email.ts';
import { falcoPayload, messageOf, type Message } from '../../../case/watch/delivery/message.ts';
import { DeliveryQueue } from '../../../case/watch/delivery/queue.ts';
import { syslogReceiver } from '../../../case/watch/delivery/syslog.ts';
import { webhookReceiver } from '../../../case/watch/delivery/webhook.ts';
import type { Notice } from '../../../case/watch/notice.ts';
import type { QueueState } from './metrics.ts';
import { secondsOf } from './seconds.ts';
import { secretFrom } from './secret.ts';

export interface ChannelOptions {
  readonly minSeverity: Severity;
  readonly webhook: readonly string[];
  readonly webhookTokenFile?: string;
  readonly falcosidekick: readonly string[];
  readonly syslog: readonly string[];
  readonly email: readonly string[];
  readonly smtp?: string;
  readonly smtpPasswordFile?: string;
  readonly emailFrom?: string;
  readonly emailEvery: string;
}

interface NamedReceiver {
  /** For metrics: an address may hold a secret. */
  readonly label: string;
  readonly receiver: Receiver;
  readonly textOf: (message: Message) => string;
}

interface Channel extends NamedReceiver {
  readonly queue: DeliveryQueue;
  readonly ended: Promise<void>;
}

/** How long the last messages may take at the end; what is then undelivered is there at the next start. */
const closingMs = 3000;

/** Everything that notices are sent to, each with a queue of its own on disk. */
export class Channels {
  readonly #channels: readonly Channel[];
  readonly #minSeverity: Severity;
  readonly #onTrouble: (text: string) => void;
  readonly #stop = new AbortController();

  readonly #onLost: (label: string, bytes: number) => void;

  /** `onLost`: undelivered bytes of the queue that is called so were taken away by somebody. */
  constructor(
    options: ChannelOptions,
    folder: string,
    onTrouble: (text: string) => void,
    onLost: (label: string, bytes: number) => void,
  ) {
    this.#onLost = onLost;
    this.#minSeverity = options.minSeverity;
    this.#onTrouble = onTrouble;
    this.#channels = receiversOf(options).map(({ label, receiver, textOf }) =>
      this.#open(label, receiver, folder, textOf),
    );
  }

  #open(label: string, receiver: Receiver, folder: string, textOf: (message: Message) => string): Channel {
    const name = createHash('sha256').update(`${receiver.id} ${textOf.name}`).digest('hex').slice(0, 16);
    const queue = new DeliveryQueue(folder, name);
    const ended = deliver(queue, receiver, this.#stop.signal, this.#onTrouble, (bytes) => this.#onLost(label, bytes));
    return { label, receiver, queue, textOf, ended };
  }

  send(notice: Notice): void {
    if (this.#channels.length === 0) return;
    const message = messageOf(notice, this.#minSeverity, { host: hostname(), now: Date.now() * 1000 });
    if (message === undefined) return;
    for (const { receiver, queue, textOf } of this.#channels) {
      if (!queue.add(textOf(message)) && queue.refused === 1) {
        this.#onTrouble(`the queue for ${receiver.id} is full: what comes now is not sent`);
      }
    }
  }

  /** What waits for each receiver. */
  state(): QueueState[] {
    return this.#channels.map(({ label, queue: { waitingBytes, refused } }) => ({ label, waitingBytes, refused }));
  }

  /** Waits a moment for what is still to be delivered. */
  async close(): Promise<void> {
    const until = performance.now() + closingMs;
    const isWaiting = (): boolean => this.#channels.some(({ queue }) => queue.waitingBytes > 0);
    while (isWaiting() && performance.now() < until) await new Promise((done) => setTimeout(done, 50));
    this.#stop.abort();
    await Promise.all(this.#channels.map(({ ended }) => ended));
    for (const { receiver, queue } of this.#channels) {
      if (queue.waitingBytes === 0) continue;
      this.#onTrouble(`${receiver.id} has not taken everything; it is kept for the next start`);
    }
  }
}

/** All that the options name. Throws for an address that cannot be one, and a secret that cannot be read; connects to nothing. */
export function receiversOf(options: ChannelOptions): NamedReceiver[] {
  const token = secretFrom(options.webhookTokenFile);
  const bearer = token === undefined ? {} : { bearerToken: token };
  const whole = (message: Message): string => JSON.stringify(message);
  const named = (kind: string, receivers: readonly Receiver[], textOf: (message: Message) => string): NamedReceiver[] =>
    receivers.map((receiver, at) => ({ label: `${kind}-${at + 1}`, receiver, textOf }));
  const webhooks = options.webhook.map((url) => webhookReceiver(url, bearer));
  const sidekicks = options.falcosidekick.map((url) => webhookReceiver(url));
  const logs = options.syslog.map((target) => syslogReceiver(target, hostname()));
  return [
    ...named('webhook', webhooks, whole),
    ...named('falcosidekick', sidekicks, falcoPayload),
    ...named('syslog', logs, whole),
    ...named('email', emailOf(options), whole),
  ];
}

/** All addresses get the same mails. */
function emailOf(options: ChannelOptions): Receiver[] {
  const { email: to, smtp: server, emailFrom: from = `vakthund@${hostname()}` } = options;
  if (to.length === 0) return [];
  if (server === undefined) {
    throw new VakthundError('USAGE', '--email needs a mail server', {
      hint: '--smtp smtp://user@mail.example.org:587',
    });
  }
  const password = secretFrom(options.smtpPasswordFile);
  const everyMs = secondsOf(options.emailEvery, '--email-every');
  return [emailReceiver({ server, from, to, everyMs, ...(password === undefined ? {} : { password }) })];
}

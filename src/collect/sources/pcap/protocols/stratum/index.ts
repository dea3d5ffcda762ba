import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText } from '../../wire/text.ts';

/** Methods of the clients of Bitcoin, Ethereum and CryptoNote pools, in all the forms in use. */
const method =
  /"method"\s{0,4}:\s{0,4}"(?<name>mining\.(?:subscribe|authorize|submit|configure|extranonce\.subscribe)|eth_(?:submitLogin|getWork|submitWork|submitHashrate)|login|submit|keepalived|getjob)"/;

export const analyzer = defineAnalyzer({
  id: 'stratum',
  title: 'Stratum',
  description:
    'What miners of crypto-currency say to their pool: JSON-RPC, a line each, of Bitcoin, Ethereum and CryptoNote clients. The user (a wallet), the agent and the first call of each method are kept.',
  references: [
    'https://en.bitcoin.it/wiki/Stratum_mining_protocol',
    'https://github.com/xmrig/xmrig-proxy/blob/master/doc/STRATUM.md',
  ],
  emits: ['log'],
  service: 'stratum',
  transports: ['tcp'],
  ports: [],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length === 0) return 'more';
    const text = asciiText(orig);
    if (!/^\s{0,8}\{/.test(text)) return 'no';
    const name = method.exec(text)?.groups?.['name'];
    // `login` and `submit` are words of many protocols: those of CryptoNote come with their parameters.
    if (name !== undefined && (name.includes('.') || name.includes('_') || isCryptoNote(text))) return 'match';
    return orig.length < 512 && !text.includes('\n') ? 'more' : 'no';
  },
  start: () => ({ attach: (context) => new StratumConnection(context) }),
});

function isCryptoNote(text: string): boolean {
  return /"(?:agent|pass|algo|rigid|job_id)"\s{0,4}:/.test(text);
}

const maxLineBytes = 8192;
/** Methods of one connection that are told, once each. */
const maxRecords = 16;

class StratumConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #client: LineStream;
  readonly #told = new Set<string>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#client = new LineStream(maxLineBytes, 'drop', (line) => this.#call(asciiText(line)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (isOrig) this.#client.data(bytes);
  }

  #call(line: string): void {
    const name = method.exec(line)?.groups?.['name'];
    if (name === undefined) return;
    this.#context.confirm();
    if (this.#told.has(name) || this.#told.size >= maxRecords) return;
    this.#told.add(name);
    const { user, agent } = whoIs(line);
    const event = logRecord(this.#context, 'stratum', { method: name, user, agent });
    event.user_name = user ?? null;
    this.#context.emit(event);
  }
}

/** Longest wallet or agent that is kept. */
const maxTextLength = 256;

/** The wallet and the program, where the call names them: by key in CryptoNote, in order elsewhere. Passwords are not kept. */
function whoIs(line: string): { user: string | undefined; agent: string | undefined } {
  const call = parsed(line);
  const params = call?.['params'];
  const isLogin = call?.['method'] === 'mining.authorize' || call?.['method'] === 'eth_submitLogin';
  if (Array.isArray(params)) {
    const [first] = params as unknown[];
    const isSubscribe = call?.['method'] === 'mining.subscribe';
    return { user: isLogin ? textOf(first) : undefined, agent: isSubscribe ? textOf(first) : undefined };
  }
  if (typeof params !== 'object' || params === null) return { user: undefined, agent: undefined };
  const named = params as Readonly<Record<string, unknown>>;
  return { user: textOf(named['login']), agent: textOf(named['agent']) };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxTextLength) : undefined;
}

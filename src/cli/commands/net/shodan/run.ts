import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { VakthundError, messageOf } from '../../../../base/errors.ts';
import { canonicalIp } from '../../../../base/ip.ts';
import { createLocalNetworks } from '../../../../base/networks.ts';
import { AnswerCache } from '../../../../inspect/probe/shodan/answer-cache.ts';
import { claimsOf } from '../../../../inspect/probe/shodan/claims.ts';
import { ShodanClient } from '../../../../inspect/probe/shodan/client.ts';
import { readHost } from '../../../../inspect/probe/shodan/host.ts';
import type { ExitCode } from '../../../command.ts';
import { dataFolder } from '../../../data-folder.ts';
import { numberOf } from '../../../number-option.ts';
import { printInspection, type InspectionOptions } from '../../../print-inspection.ts';
import type { Terminal } from '../../../terminal.ts';
import { keyIn } from './api-key.ts';
import { printAddress, printAddresses, type AddressRow } from './print.ts';

export interface ShodanOptions extends InspectionOptions {
  readonly host: readonly string[];
  readonly keyFile?: string;
  readonly maxAge: string;
  readonly pause: string;
  readonly api: string;
}

const hourMs = 3_600_000;
const timeoutMs = 30_000;
const maxAddresses = 10_000;

/** Asks Shodan what it knows of addresses, or tells what it knew of them lately. Exit 2 when something could not be asked. */
export async function askShodan(
  texts: readonly string[],
  options: ShodanOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const addresses = await addressesOf(texts, options.host);
  const maxAgeMs = hourMs * numberOf('--max-age', options.maxAge, 0, 87_600);
  const cache = new AnswerCache(dataFolder('shodan'));
  const asker = new Asker(cache, maxAgeMs, () => clientOf(options, terminal));
  const isTold = options.join !== true && !terminal.json;
  const rows: AddressRow[] = [];
  for (const [address, asked] of addresses) {
    const row = { address, ...(asked === undefined ? {} : { asked }), ...(await asker.rowOf(address)) };
    rows.push(row);
    // A question takes a second, so that a run of thousands takes hours: what is stopped has told what it knew.
    if (isTold) printAddress(row, terminal);
  }
  const hasFailed = rows.some(({ state }) => state === 'failed');
  if (options.join === true) {
    const code = await joined(rows, cache, options, terminal);
    return hasFailed ? 2 : code;
  }
  if (terminal.json) printAddresses(rows, terminal);
  return hasFailed ? 2 : 0;
}

type Told = Pick<AddressRow, 'state' | 'reason' | 'askedMs' | 'host'>;

/** Asks for one address after another, where no answer is kept that is young enough. */
class Asker {
  readonly #cache: AnswerCache;
  readonly #maxAgeMs: number;
  readonly #newClient: () => ShodanClient;
  readonly #local = createLocalNetworks();
  #client: ShodanClient | undefined;
  /** Why nobody is asked any more. */
  #stopped: string | undefined;

  /** The client is made for the first question: what is kept needs no key. */
  constructor(cache: AnswerCache, maxAgeMs: number, newClient: () => ShodanClient) {
    this.#cache = cache;
    this.#maxAgeMs = maxAgeMs;
    this.#newClient = newClient;
  }

  async rowOf(address: string): Promise<Told> {
    if (this.#local.isLocal(address) || this.#local.isGroup(address)) {
      return { state: 'not-asked', reason: 'an address of an inner network' };
    }
    const kept = this.#cache.get(address);
    if (kept !== undefined && Date.now() - kept.askedMs < this.#maxAgeMs) {
      return { ...stateOf(kept.content), askedMs: kept.askedMs };
    }
    if (this.#stopped !== undefined) return { state: 'failed', reason: this.#stopped };
    this.#client ??= this.#newClient();
    const answer = await this.#client.host(address);
    if (answer.state === 'failed') {
      if (answer.isFinal) this.#stopped = answer.reason;
      return { state: 'failed', reason: answer.reason };
    }
    const content = answer.state === 'known' ? answer.content : null;
    const told = stateOf(content);
    // What is no answer is asked for again the next time.
    if (told.state === 'failed') return told;
    const askedMs = Date.now();
    this.#cache.put(address, { askedMs, content });
    return { ...told, askedMs };
  }
}

function stateOf(content: unknown): Pick<AddressRow, 'state' | 'reason' | 'host'> {
  if (content === null) return { state: 'unknown' };
  const host = readHost(content);
  return host === undefined ? { state: 'failed', reason: 'the answer has another form' } : { state: 'known', host };
}

/** Addresses in their order, each once, with the name that led to it. */
async function addressesOf(
  texts: readonly string[],
  names: readonly string[],
): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>();
  for (const text of texts) {
    const address = canonicalIp(text);
    if (address === undefined) {
      throw new VakthundError('USAGE', `"${text}" is no address`, { hint: `--host ${text} looks it up here first` });
    }
    found.set(address, undefined);
  }
  for (const name of names) {
    try {
      for (const { address } of await lookup(name, { all: true })) found.set(canonicalIp(address) ?? address, name);
    } catch (cause) {
      throw new VakthundError('NOT_FOUND', `"${name}" has no address: ${messageOf(cause)}`, { cause });
    }
  }
  if (found.size === 0) throw new VakthundError('USAGE', 'no address was named');
  if (found.size > maxAddresses) throw new VakthundError('USAGE', `at most ${maxAddresses} addresses at a time`);
  return found;
}

function clientOf(options: ShodanOptions, terminal: Terminal): ShodanClient {
  if (options.keyFile === undefined) {
    throw new VakthundError('USAGE', 'Shodan answers to accounts only: --key-file is missing', {
      hint: 'put the key of your account into a file with mode 600',
    });
  }
  const pauseMs = numberOf('--pause', options.pause, 0, 60_000);
  return new ShodanClient({
    api: options.api.replace(/\/+$/, ''),
    key: keyIn(options.keyFile),
    pauseMs,
    timeoutMs,
    signal: terminal.signal,
  });
}

async function joined(
  rows: readonly AddressRow[],
  cache: AnswerCache,
  options: ShodanOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const known = rows.filter((row) => row.host !== undefined);
  const claims = known.flatMap(({ address, host, askedMs = 0 }) =>
    host === undefined ? [] : claimsOf(address, host, cache.pathOf(address), 1000 * askedMs),
  );
  const files = known.map(({ address }) => {
    const path = cache.pathOf(address);
    const content = readFileSync(path);
    return { path, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
  });
  const missed = rows.filter(({ state }) => state === 'failed' || state === 'not-asked');
  const inspection = {
    subject: `Shodan on ${rows.map(({ address }) => address).join(', ')}`.slice(0, 200),
    by: 'net shodan',
    claims,
    problems: [],
    notChecked: missed.map(({ address, reason }) => ({ what: address, why: reason ?? 'not asked' })),
    ran: known.length === 0 ? [] : ['shodan'],
  };
  return printInspection(inspection, options, terminal, files);
}

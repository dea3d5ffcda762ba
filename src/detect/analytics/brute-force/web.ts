import { parseIp } from '../../../base/ip.ts';
import type { Macros } from '../../../store/macros.ts';
import type { ReadStore, SqlRow, WorkTable } from '../../../store/store.ts';

/** Clients and sites that are looked at, and requests for refused pages and such pages of each: more are a flood. */
const maxPairs = 200;
const maxRequests = 50_000;
const maxPages = 1000;
/** Accounts that are named, and pointers to requests. */
const maxNames = 50;
const maxPointers = 10;
/** Refusals of one page before it is given that make it a guessed password: people mistype less often. */
const leastBefore = 5;
/** Refusals without a name within a minute that no probe and no page that asks for news makes. */
const leastInMinute = 20;
const [minute, hour] = [60, 3600];

export const sourceOfHttp = "coalesce(source_ip, '')";
const site = "coalesce(url_domain, destination_ip, host_name, '')";

/** Pages that take a password, by their path. */
const loginPage =
  /(?:^|[/_.-])(?:log-?[io]n|sign-?in|auth|authenticate|authorize|sessions?|token|j_security_check|logincheck|xmlrpc|wp-login)(?:[/_.-]|$)/i;
/** WordPress answers a wrong password with the page again. */
const wordPress = /\/wp-login\.php$/i;

/**
 * Passwords of web sites that were guessed, as rows of the shape of `guesses`: an answer 401 to any request, 403 to one that sends a log-in page
 * its form. A page that is given in between ends a series, so that the two refusals before each answer of Windows authentication are none.
 */
export async function webGuesses(
  store: ReadStore,
  timeCondition: string,
  leastFailures: number,
  leastAccounts: number,
): Promise<SqlRow[]> {
  return store.withTables(refusedTables(timeCondition, Math.min(leastFailures, leastAccounts)), async (tables) => {
    const found: SqlRow[] = [];
    for (const row of await tables.query('SELECT * FROM refused_pair ORDER BY n DESC, source, host, sensor')) {
      const [source, host, sensor] = [String(row['source']), String(row['host']), String(row['sensor'])];
      const requests = await tables.query(requestsOf(store.macros), [source, host, sensor]);
      const guess = new SiteGuesses(requests).row(leastFailures, leastAccounts);
      // A site whose traffic and whose log are both read is told once.
      const isTold = found.some((other) => other['source'] === source && other['host'] === host);
      if (guess === undefined || isTold) continue;
      found.push({ source, host, is_domain: Number(row['named']) > 0 && parseIp(host) === undefined, ...guess });
    }
    return found;
  });
}

const ends = `${sourceOfHttp} AS source, ${site} AS host, coalesce(sensor, '') AS sensor`;
/** What was asked for, without the query. */
const page = "split_part(coalesce(url_original, ''), '?', 1)";
const isRefusal = `(http_response_status_code IN (401, 403) OR ${page} LIKE '%/wp-login.php')`;

/** Clients and sites with refusals, and all requests of theirs for pages that were refused: every event is looked at twice, however many they are. */
function refusedTables(timeCondition: string, least: number): WorkTable[] {
  const pairs = `SELECT ${ends}, count(url_domain) AS named, count(*) AS n FROM http WHERE ${isRefusal} AND ${timeCondition}
    GROUP BY ALL HAVING count(*) >= ${least} ORDER BY n DESC, source, host, sensor LIMIT ${maxPairs}`;
  const requests = `WITH asked AS (
      SELECT ${ends}, ${page} AS page, time, http_request_method AS method, http_response_status_code AS status, user_name AS account,
        evidence_id, evidence_at, ${isRefusal} AS is_refusal
      FROM http WHERE http_response_status_code IS NOT NULL AND ${timeCondition}),
    known AS (SELECT a.* FROM asked a JOIN refused_pair p ON a.source = p.source AND a.host = p.host AND a.sensor = p.sensor),
    refused AS (SELECT DISTINCT source, host, sensor, page FROM known WHERE is_refusal)
    SELECT k.* FROM known k JOIN refused r ON k.source = r.source AND k.host = r.host AND k.sensor = r.sensor AND k.page = r.page`;
  return [
    { name: 'refused_pair', sql: pairs },
    { name: 'refused_request', sql: requests },
  ];
}

function requestsOf(m: Macros): string {
  return `SELECT CAST(floor(${m.seconds('time')}) AS BIGINT) AS second, ${m.micros('time')} AS micros, method, page, status, account, evidence_id, evidence_at
    FROM refused_request WHERE source = ? AND host = ? AND sensor = ? ORDER BY time, evidence_id, evidence_at LIMIT ${maxRequests}`;
}

/** Refusals of one page in a row. */
interface Series {
  readonly refused: SqlRow[];
  readonly names: Set<string>;
  /** The most of them within an hour, and within a minute. */
  busiest: number;
  busiestMinute: number;
  /** Where the hour and the minute that end with the last one begin in `refused`. */
  hourFrom: number;
  minuteFrom: number;
  entered?: { readonly account: string; readonly micros: number };
}

const newSeries = (): Series => ({
  refused: [],
  names: new Set(),
  busiest: 0,
  busiestMinute: 0,
  hourFrom: 0,
  minuteFrom: 0,
});

/** Requests of one client to one site, judged. */
class SiteGuesses {
  readonly #open = new Map<string, Series>();
  readonly #ended: Series[] = [];

  constructor(requests: readonly SqlRow[]) {
    for (const request of requests) this.#add(request);
  }

  #add(request: SqlRow): void {
    const page = String(request['page']);
    const answer = answerOf(request, page);
    const series = this.#open.get(page);
    if (answer === 'refused') {
      if (series !== undefined) extend(series, request);
      else if (this.#open.size < maxPages) extend(this.#opened(page), request);
    } else if (answer === 'given' && series !== undefined) {
      if (series.refused.length >= leastBefore) {
        series.entered = { account: accountOf(request), micros: Number(request['micros']) };
        this.#ended.push(series);
      }
      this.#open.delete(page);
    }
  }

  #opened(page: string): Series {
    const series = newSeries();
    this.#open.set(page, series);
    return series;
  }

  /** What `guesses` says of a source and a machine; undefined when nothing was guessed. */
  row(leastFailures: number, leastAccounts: number): Omit<SqlRow, 'source' | 'host'> | undefined {
    const series = [...this.#ended, ...this.#open.values()].filter((one) => isGuess(one, leastFailures, leastAccounts));
    if (series.length === 0) return undefined;
    const refused = series.flatMap((one) => one.refused);
    const names = new Set(series.flatMap((one) => [...one.names]));
    const entered = series.filter(isEntered).map((one) => one.entered?.account ?? unnamed);
    const times = refused.map(({ micros }) => Number(micros));
    const lastRefused = times.reduce((last, time) => Math.max(last, time), 0);
    const pointers = [...refused.slice(0, maxPointers - 1), ...refused.slice(-1)];
    return {
      failures: refused.length,
      busiest: series.reduce((most, one) => Math.max(most, one.busiest), 0),
      accounts: names.size,
      names: [...names].slice(0, maxNames),
      entered: [...new Set(entered)].slice(0, maxNames),
      first: times.reduce((first, time) => Math.min(first, time), Infinity),
      last: series.reduce(
        (last, one) => (isEntered(one) ? Math.max(last, one.entered?.micros ?? 0) : last),
        lastRefused,
      ),
      pointer_ids: pointers.map((one) => Number(one['evidence_id'])),
      pointer_places: pointers.map((one) => Number(one['evidence_at'])),
    };
  }
}

/** Stands for an account that the evidence does not name. */
export const unnamed = '?';

function isForm(request: SqlRow): boolean {
  return request['method'] === 'POST' && loginPage.test(String(request['page']));
}

function accountOf(request: SqlRow): string {
  const name = request['account'];
  return typeof name === 'string' && name !== '' ? name : unnamed;
}

function answerOf(request: SqlRow, page: string): 'refused' | 'given' | 'other' {
  const status = Number(request['status']);
  if (status === 401) return 'refused';
  if (isForm(request) && (status === 403 || (status === 200 && wordPress.test(page)))) return 'refused';
  // The page of the form is no answer to it.
  if (wordPress.test(page) && !isForm(request)) return 'other';
  return status >= 200 && status < 400 ? 'given' : 'other';
}

function extend(series: Series, request: SqlRow): void {
  const second = Number(request['second']);
  const { refused } = series;
  refused.push(request);
  series.names.add(accountOf(request));
  while (second - Number(refused[series.hourFrom]?.['second']) >= hour) series.hourFrom++;
  while (second - Number(refused[series.minuteFrom]?.['second']) >= minute) series.minuteFrom++;
  series.busiest = Math.max(series.busiest, refused.length - series.hourFrom);
  series.busiestMinute = Math.max(series.busiestMinute, refused.length - series.minuteFrom);
}

/** Whether refusals are more than a probe without a password and a page that asks again make. */
function isGuess(series: Series, leastFailures: number, leastAccounts: number): boolean {
  const { names, busiest, busiestMinute, refused } = series;
  if (names.size >= leastAccounts) return true;
  if (busiest < leastFailures) return false;
  const isNamed = names.size > 1 || !names.has(unnamed);
  return isNamed || refused.some(isForm) || busiestMinute >= leastInMinute;
}

/** A program with an old password that is given the new one is let in as well: it has one name and no haste. */
function isEntered({ entered, names, busiestMinute }: Series): boolean {
  return entered !== undefined && (names.size > 2 || busiestMinute >= leastInMinute);
}

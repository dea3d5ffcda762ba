import type { Sign } from '../../technique.ts';
import { argumentsAt, rightSide } from './call-arguments.ts';
import { wrappersIn } from './php-wrappers.ts';

/** What a visitor decides, in code as `phpCode` gives it. */
const requestPattern =
  /\$_(?:GET|POST|REQUEST|COOKIE)\b|\$_SERVER\s{0,4}\[\s{0,4}'?(?:HTTP_(?!HOST)\w+|QUERY_STRING|PATH_INFO)\b|(?:\$\{\s{0,4}|\$GLOBALS\s{0,4}\[\s{0,4})'_(?:GET|POST|REQUEST|COOKIE)'|\$HTTP_(?:GET|POST|COOKIE)_VARS\b|\$HTTP_RAW_POST_DATA\b|'php:\/\/input'|\b(?:getallheaders|apache_request_headers)\s{0,4}\(|\bfilter_input\s{0,4}\(\s{0,4}INPUT_(?:GET|POST|COOKIE)\b|\bgetenv\s{0,4}\(\s{0,4}'(?:HTTP_\w{1,40}|QUERY_STRING)'/;
/** Calls whose result a visitor cannot fill with code: a number, a yes or no, an argument that the shell takes as one word. */
const harmlessPattern =
  /\b(?:escapeshellarg|escapeshellcmd|intval|floatval|boolval|absint|count|sizeof|isset|empty|is_\w{1,20}|in_array|array_key_exists|md5|sha1|crc32|hash|hash_equals|strlen|strpos|strcmp|preg_match|file_exists|filter_var(?!\s{0,4}\([^()]{0,300}(?:UNSAFE_RAW|FILTER_DEFAULT))|password_verify|htmlspecialchars|htmlentities|urlencode|rawurlencode)\s{0,4}\([^()]{0,2000}\)|\((?:int|integer|float|bool|boolean)\)\s{0,4}@?\$\w{1,60}(?:\s{0,4}\[[^\]]{0,80}\])?/gi;
/** What a request is asked for by its index, which says nothing more. */
const requestIndexPattern = /(\$_(?:GET|POST|REQUEST|COOKIE))\s{0,4}\[[^[\]]{0,80}\]/g;
/** A table that is asked by an index: what comes out stood in the program. */
const tableIndexPattern =
  /(\$(?!_(?:GET|POST|REQUEST|COOKIE|SERVER)\b|GLOBALS\b)\w{1,60}(?:->\w{1,60})?)\s{0,4}\[[^[\]]{0,200}\]/g;
/** Run code or commands. What follows `->`, `::`, `new` or `function` is something else of the same name. */
const runners = new Set([
  'eval', 'assert', 'system', 'exec', 'shell_exec', 'passthru', 'popen', 'proc_open', 'pcntl_exec', 'create_function',
]); // prettier-ignore
const evaluators = new Set(['eval', 'assert', 'create_function']);
const filing = new Set(['file_put_contents', 'fopen', 'parse_str', 'move_uploaded_file', 'copy']);
/** Call what they are given: at which place, from 0. */
const callers: Readonly<Record<string, number>> = {
  call_user_func: 0, call_user_func_array: 0, array_map: 0, ob_start: 0, register_shutdown_function: 0, forward_static_call: 0,
  set_error_handler: 0, register_tick_function: 0, array_filter: 1, array_walk: 1, array_reduce: 1, usort: 1, uasort: 1, uksort: 1,
  preg_replace_callback: 1, mb_ereg_replace_callback: 1, iterator_apply: 1, array_walk_recursive: 1,
}; // prettier-ignore
const stepPattern =
  /(?<!->\s{0,4}|::\s{0,4}|\bfunction\s{1,4}&?|\bnew\s{1,4}|[\w$])(?:\\?(?<call>eval|assert|system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|create_function|call_user_func(?:_array)?|array_(?:map|filter|walk(?:_recursive)?|reduce)|ob_start|register_(?:shutdown|tick)_function|forward_static_call|set_error_handler|u(?:a|k)?sort|(?:preg|mb_ereg)_replace_callback|iterator_apply|file_put_contents|fopen|parse_str|move_uploaded_file|copy)\s{0,20}\(|(?<include>include|require)(?:_once)?\b\s{0,20}|@?\$(?<name>\w{1,60})(?<index>\s{0,4}(?:\[[^\]\n]{0,80}\]|\{[^}\n]{0,80}\}))?\s{0,20}(?:(?<assign>\.?=(?![=>]))|(?<open>\())|\bforeach\s{0,20}\((?<list>[^()]{0,200}?)\s{1,20}as\s{1,20}(?:\$(?<key>\w{1,60})\s{0,4}=>\s{0,4})?&?\$(?<value>\w{1,60})|(?:\blist\s{0,4}\(|\[)(?<many>\s{0,20}\$\w{1,60}(?:\s{0,20},\s{0,20}\$\w{1,60}){0,10}\s{0,20})[)\]]\s{0,4}=(?![=>]))/gi;
const variablePattern = /\$(?<name>\w{1,60})/g;
/** Steps of one page that are followed. */
const maxSteps = 20_000;
/** Characters after which a variable counts as another one: functions are not told apart. */
const maxReach = 3000;

/** What is known of the variables at one place of a page. */
interface State {
  readonly code: string;
  /** Where each variable was last given something of a request. */
  readonly tainted: Map<string, number>;
  /** Variables that hold all that a request brings. */
  readonly whole: Set<string>;
  /** Functions that run code or commands, by the variables that name them. */
  readonly named: Map<string, string>;
}

/** Ways by which something that a request brings is run, from beginning to end of code as `phpCode` gives it. */
export function phpFlows(code: string): Sign[] {
  const signs = new Map<string, Sign>();
  const state: State = { code, tainted: new Map(), whole: new Set(), named: new Map() };
  let steps = 0;
  stepPattern.lastIndex = 0;
  for (let hit = stepPattern.exec(code); hit !== null && ++steps <= maxSteps; hit = stepPattern.exec(code)) {
    const sign = signOf(hit, state);
    if (sign !== undefined && (signs.get(sign.what)?.weight ?? 0) < sign.weight) signs.set(sign.what, sign);
  }
  if (signs.size > 0) return [...signs.values()];
  const wrapped = wrapperSign(state);
  return wrapped === undefined ? [] : [wrapped];
}

const callPattern = /(?<!\bfunction\s{1,4}&?|\w)(?<name>\w{1,60})\s{0,4}\(/g;
const propertyPattern = /->(?<property>\w{1,60})\s{0,4}=(?![=>])/g;
const maxCalls = 200;

/** A function or an object of the page that runs what it is given, and is given what a request brings itself. */
function wrapperSign(state: State): Sign | undefined {
  const { names, properties } = wrappersIn(state.code);
  return callOf(names, state) ?? propertyOf(properties, state);
}

function callOf(names: ReadonlySet<string>, state: State): Sign | undefined {
  if (names.size === 0) return undefined;
  let calls = 0;
  for (const { groups, index, 0: head } of state.code.matchAll(callPattern)) {
    if (!names.has((groups?.['name'] ?? '').toLowerCase())) continue;
    if (++calls > maxCalls) break;
    const end = index + head.length;
    const given = argumentsAt(state.code, end);
    if (!given.some((one) => isDirect(one) || isOnlyTainted(one, state, end))) continue;
    return { what: 'runs a command that a request brings', value: shown(state.code, index), weight: 0.75 };
  }
  return undefined;
}

function propertyOf(properties: ReadonlySet<string>, state: State): Sign | undefined {
  if (properties.size === 0) return undefined;
  let count = 0;
  for (const { groups, index, 0: head } of state.code.matchAll(propertyPattern)) {
    if (!properties.has(groups?.['property'] ?? '')) continue;
    if (++count > maxCalls) break;
    const end = index + head.length;
    const given = rightSide(state.code, end);
    if (!isDirect(given) && !isOnlyTainted(given, state, end)) continue;
    return { what: 'runs a command that a request brings', value: shown(state.code, index), weight: 0.75 };
  }
  return undefined;
}

function shown(code: string, from: number): string {
  return code
    .slice(from, from + 120)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A variable and nothing else, which was given something of a request before. */
function isOnlyTainted(part: string, { tainted }: State, at: number): boolean {
  const name = /^\s{0,20}@?\$(?<name>\w{1,60})\s{0,20}$/.exec(part)?.groups?.['name'];
  const from = name === undefined ? undefined : tainted.get(name);
  return from !== undefined && from <= at && at - from <= maxReach;
}

function signOf(hit: RegExpExecArray, state: State): Sign | undefined {
  const { call, include, name, index, assign, open, list, many } = hit.groups ?? {};
  const end = hit.index + hit[0].length;
  if (many !== undefined) {
    if (isOfRequest(rightSide(state.code, end), state, end)) taintAll(many, state, end);
    return undefined;
  }
  if (list !== undefined) {
    const { key, value } = hit.groups ?? {};
    if (!isOfRequest(list, state, end)) return undefined;
    for (const one of [key, value]) {
      if (one !== undefined) state.tainted.set(one, end);
    }
    return undefined;
  }
  if (assign !== undefined && name !== undefined) {
    assignTo(name, assign, index === undefined, rightSide(state.code, end), state, end);
    return undefined;
  }
  const value = shown(state.code, hit.index);
  if (include !== undefined) {
    const file = harmless(rightSide(state.code, end));
    if (file.includes("'php://input'")) return { what: 'runs what a request brings', value, weight: 0.85 };
    const isNamed = /\$_(?:GET|POST|REQUEST|COOKIE)\b/.test(file);
    return isNamed ? { what: 'runs the file that a request names', value, weight: 0.6 } : undefined;
  }
  const given = argumentsAt(state.code, end);
  if (call !== undefined) return callSign(call.toLowerCase(), given, state, end, value);
  if (open !== undefined && name !== undefined) return variableCall(name, index ?? '', given, state, end, value);
  return undefined;
}

function taintAll(part: string, { tainted }: State, at: number): void {
  for (const { groups } of part.matchAll(variablePattern)) tainted.set(groups?.['name'] ?? '', at);
}

function callSign(call: string, given: readonly string[], state: State, end: number, value: string): Sign | undefined {
  const [first = ''] = given;
  const everything = given.join(',');
  if (filing.has(call)) return fileSign(call, given, state, end, value);
  const place = callers[call];
  if (place !== undefined) return callbackSign(given, place, state, end, value);
  // An assertion asks something about a request; only one that is nothing but a text is run.
  if (call === 'assert' && /[=!<>]=|[<>]|&&|\|\||\b(?:instanceof|is_\w+|isset)\b/.test(first)) return undefined;
  const part = call === 'create_function' || call === 'pcntl_exec' ? everything : first;
  // The whole command is the visitor's, whatever is escaped in it; and a file that he sends is run.
  const isWhole = /^\s{0,20}@?escapeshellcmd\s{0,4}\(\s{0,4}@?\$_(?:GET|POST|REQUEST|COOKIE)\b/.test(part);
  const isSent = evaluators.has(call) && part.includes('$_FILES');
  if (!isWhole && !isSent && !isOfRequest(part, state, end)) return undefined;
  const what = evaluators.has(call) ? 'runs what a request brings' : 'runs a command that a request brings';
  return { what, value, weight: isDirect(part) ? 0.9 : 0.8 };
}

/** Files that a request names and fills; `parse_str` only hands on what it was given. */
function fileSign(call: string, given: readonly string[], state: State, end: number, value: string): Sign | undefined {
  const [first = '', ...others] = given;
  if (call === 'parse_str') {
    if (others[0] !== undefined && isOfRequest(first, state, end)) taintAll(others[0], state, end);
    return undefined;
  }
  if (call === 'move_uploaded_file' || call === 'copy') {
    const isTaken = first.includes('$_FILES') && isChosen(others[0] ?? '');
    return isTaken
      ? { what: 'stores what a visitor sends under a name that he chooses', value, weight: 0.3 }
      : undefined;
  }
  if (!isDirect(first)) return undefined;
  if (call === 'fopen') {
    const isWritten = /'[waxc]\w?'/i.test(others[0] ?? '');
    return isWritten ? { what: 'writes to a file that a request names', value, weight: 0.5 } : undefined;
  }
  const isFilled = others.some((one) => isOfRequest(one, state, end));
  return isFilled ? { what: 'writes what a request brings to a file that it names', value, weight: 0.8 } : undefined;
}

/** A name as the visitor gave it, with its ending. */
function isChosen(name: string): boolean {
  return (
    isDirect(name) || /\$_FILES\s{0,4}\[[^\]]{0,80}\]\s{0,4}\[\s{0,4}'name'/.test(name.replaceAll(harmlessPattern, ' '))
  );
}

/** What is called is named by the request, or runs what else it brings. */
function callbackSign(
  given: readonly string[],
  place: number,
  state: State,
  end: number,
  value: string,
): Sign | undefined {
  const callback = given[place]?.trim() ?? '';
  const isNamed = /^@?\$/.test(callback) && isOfRequest(callback, state, end) && !/->|::/.test(callback);
  const isRunner = runners.has(callback.replaceAll(/['\\]/g, '').toLowerCase());
  const runs = isRunner && isOfRequest(given.join(','), state, end);
  return isNamed || runs
    ? { what: 'calls a function that a request names', value, weight: runs ? 0.85 : 0.75 }
    : undefined;
}

/** `$f(…)` and `$_GET['f'](…)`. */
function variableCall(
  name: string,
  index: string,
  given: readonly string[],
  state: State,
  end: number,
  value: string,
): Sign | undefined {
  const isRequested =
    requestPattern.test(`$${name}${index}`) || (index === '' ? isTainted(name, state, end) : state.whole.has(name));
  if (isRequested) return { what: 'calls a function that a request names', value, weight: 0.75 };
  const brings = given.some((one) => isOfRequest(one, state, end));
  const runner = index === '' ? state.named.get(name) : undefined;
  if (brings && runner !== undefined) {
    return { what: 'runs what a request brings', value: `${value} (${runner})`, weight: 0.9 };
  }
  const isDirectly = given.some((one) =>
    /^\s{0,20}@?(?:base64_decode\s{0,4}\(\s{0,4})?@?\$_(?:GET|POST|REQUEST|COOKIE)\b/.test(one),
  );
  return isDirectly && index === ''
    ? { what: 'hands a request to a function that a variable names', value, weight: 0.6 }
    : undefined;
}

function assignTo(name: string, how: string, isWhole: boolean, right: string, state: State, end: number): void {
  const isAnswer = /[=!]==?|[<>]=?[^>]|\binstanceof\b/.test(right) && !right.includes('?');
  if (!isAnswer && isOfRequest(right, state, end)) state.tainted.set(name, end);
  else if (how === '=' && isWhole) state.tainted.delete(name);
  if (/^\s{0,20}@?\$_(?:GET|POST|REQUEST|COOKIE)\s{0,20}$/.test(right)) state.whole.add(name);
  else if (isWhole) state.whole.delete(name);
  const runner = /^\s{0,20}'\\?(?<runner>\w{1,40})'\s{0,20}$/.exec(right)?.groups?.['runner']?.toLowerCase();
  if (runner !== undefined && runners.has(runner)) state.named.set(name, runner);
  else if (isWhole) state.named.delete(name);
}

function isOfRequest(part: string, state: State, at: number): boolean {
  // Taking calls and indexes out puts no request in.
  if (state.tainted.size === 0 && !requestPattern.test(part)) return false;
  const plain = harmless(part);
  if (requestPattern.test(plain)) return true;
  for (const { groups } of plain.matchAll(variablePattern)) {
    if (isTainted(groups?.['name'] ?? '', state, at)) return true;
  }
  return false;
}

function isDirect(part: string): boolean {
  return requestPattern.test(harmless(part));
}

function isTainted(name: string, { tainted }: State, at: number): boolean {
  const from = tainted.get(name);
  return from !== undefined && at - from <= maxReach;
}

/** Without calls that make it harmless and without the indexes by which it is looked up in a table, of which three may stand in each other. */
function harmless(part: string): string {
  let plain = part.replaceAll(requestIndexPattern, '$1');
  for (let depth = 0; depth < 3; depth++) {
    const less = plain.replaceAll(harmlessPattern, ' ').replaceAll(tableIndexPattern, '$1');
    if (less === plain) break;
    plain = less;
  }
  return plain;
}

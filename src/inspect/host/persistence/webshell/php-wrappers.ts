const functionPattern = /\bfunction\s{1,4}&?(?<name>\w{1,60})\s{0,4}\((?<parameters>[^()]{0,300})\)[^{;]{0,60}\{/gi;
const classPattern = /\bclass\s{1,4}(?<name>\w{1,60})/gi;
const runPattern =
  /(?<![>:\w])(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open)\s{0,4}\(\s{0,4}@?\$(?<name>\w{1,60})(?:->(?<property>\w{1,60}))?\s{0,4}[,)]/gi;
const keepPattern = /\$this->(?<property>\w{1,60})\s{0,4}=\s{0,4}\$(?<name>\w{1,60})\s{0,4};/g;
const parameterPattern = /\$\w{1,60}/g;
/** Characters of a function that are looked at, to the next one. */
const maxBody = 800;
const maxFunctions = 2000;

/** What of a page hands on to a call that runs code or commands. */
export interface Wrappers {
  /** Functions, methods, and classes whose constructor does, in small letters: PHP asks for them in any. */
  readonly names: ReadonlySet<string>;
  /** Properties of objects whose value is run. */
  readonly properties: ReadonlySet<string>;
}

interface PhpFunction {
  readonly name: string;
  readonly parameters: ReadonlySet<string>;
  readonly body: string;
  /** Where it begins in the page. */
  readonly index: number;
}

/** Functions that run a parameter as it is, or keep it in a property that another one runs. */
export function wrappersIn(code: string): Wrappers {
  const properties = new Set<string>();
  for (const { groups } of code.matchAll(runPattern)) {
    const { name, property } = groups ?? {};
    if (name === 'this' && property !== undefined) properties.add(property);
  }
  const names = new Set<string>();
  for (const one of functionsIn(code)) {
    if (!handsOn(one, properties)) continue;
    const name = one.name === '__construct' ? classAround(code, one.index) : one.name;
    if (name !== undefined) names.add(name.toLowerCase());
  }
  return { names, properties };
}

function* functionsIn(code: string): Generator<PhpFunction> {
  let count = 0;
  for (const { groups, index, 0: head } of code.matchAll(functionPattern)) {
    if (++count > maxFunctions) return;
    const from = index + head.length;
    const [body = ''] = code.slice(from, from + maxBody).split(/\bfunction\b/, 1);
    const parameters = new Set(groups?.['parameters']?.match(parameterPattern));
    yield { name: groups?.['name'] ?? '', parameters, body, index };
  }
}

function handsOn({ parameters, body }: PhpFunction, properties: ReadonlySet<string>): boolean {
  if (parameters.size === 0) return false;
  for (const { groups } of body.matchAll(runPattern)) {
    if (groups?.['property'] === undefined && parameters.has(`$${groups?.['name'] ?? ''}`)) return true;
  }
  if (properties.size === 0) return false;
  for (const { groups } of body.matchAll(keepPattern)) {
    if (properties.has(groups?.['property'] ?? '') && parameters.has(`$${groups?.['name'] ?? ''}`)) return true;
  }
  return false;
}

/** Characters before a constructor in which its class has to begin. */
const maxClass = 4000;

function classAround(code: string, at: number): string | undefined {
  const before = code.slice(Math.max(0, at - maxClass), at);
  return [...before.matchAll(classPattern)].at(-1)?.groups?.['name'];
}

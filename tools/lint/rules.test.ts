import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { oneDoorForPatterns } from './one-door-for-patterns.ts';
import { processAtTheEdge } from './process-at-the-edge.ts';
import { staticLogMessage } from './static-log-message.ts';

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parserOptions: { lang: 'ts' }, sourceType: 'module' } });

tester.run('static-log-message', staticLogMessage, {
  valid: [
    `logger.warn({ path }, 'the file was cut')`,
    `context.logger.info({}, 'started')`,
    'reporter.warn({}, `line ${line}`)',
    'logger.child(`x ${y}`)',
  ],
  invalid: [
    { code: 'logger.warn({ path }, `cannot read ${path}`)', errors: 1 },
    { code: 'context.logger.error({}, `cannot read ${path}`)', errors: 1 },
    { code: 'class A { #logger = l; f() { this.#logger.debug({}, `cannot read ${path}`) } }', errors: 1 },
    { code: `logger.info({}, 'read ' + path)`, errors: 1 },
    { code: 'logger.warn({}, message)', errors: 1 },
    { code: 'logger.warn(`only ${text}`)', errors: 1 },
  ],
});

tester.run('process-at-the-edge', processAtTheEdge, {
  valid: [
    `const event = { process: 1 }; event.process`,
    `function read(process: { pid: number }) { return process.pid; }`,
    `import { argv } from './process.ts'`,
    `type Env = typeof process.env`,
  ],
  invalid: [
    { code: 'process.exit(1)', errors: 1 },
    { code: 'const { env } = process', errors: 1 },
    { code: `const env = globalThis.process.env`, errors: 1 },
    { code: `const env = globalThis['process'].env`, errors: 1 },
    { code: `import { argv } from 'node:process'`, errors: 1 },
  ],
});

tester.run('one-door-for-patterns', oneDoorForPatterns, {
  valid: [
    `/a+/.test(text)`,
    `const f = (pattern: RegExp) => pattern.test('a')`,
    `if (pattern instanceof RegExp) use(pattern)`,
    `text.match(/a/)`,
    `list.search(query)`,
  ],
  invalid: [
    { code: 'new RegExp(text)', errors: 1 },
    { code: 'RegExp(text)', errors: 1 },
    { code: 'const Pattern = RegExp; new Pattern(text)', errors: 1 },
    { code: 'new globalThis.RegExp(text)', errors: 1 },
    { code: `Reflect.construct(RegExp, [text])`, errors: 1 },
    { code: 'text.match(`${name}=`)', errors: 1 },
    { code: `text.search('a+')`, errors: 1 },
  ],
});

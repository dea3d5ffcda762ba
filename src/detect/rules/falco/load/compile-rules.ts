import { compileFilter } from '../compile/compile.ts';
import { eventTypesOf } from '../event-type-set.ts';
import type { FieldCatalog } from '../fields/catalog.ts';
import { codeCount } from '../fields/event-types.ts';
import { FilterError, type Expression } from '../filter/ast.ts';
import { parseFilter } from '../filter/parser.ts';
import { FormatError, parseFormat } from '../output/format.ts';
import type { Collector } from './collector.ts';
import type { CompiledRule, ExtraField } from './compiled-rule.ts';
import { LoadError, type Context } from './context.ts';
import { withExceptions } from './exception-condition.ts';
import type { FileResult } from './file-result.ts';
import { warnOfExpression } from './expression-warnings.ts';
import type { RuleItem } from './items.ts';
import { ListTexts } from './lists.ts';
import { MacroResolver } from './macros.ts';
import { appendedTo, warnOfOutput, type ExtraOutput } from './outputs.ts';

/** Characters of one condition: far past any rule, and still read in well under a second. */
const maxCondition = 1_000_000;
/** Rules that can be true on more event codes than this slow every event down. */
const manyCodes = 100;

const containerInfo = '%container.info';

/**
 * Compiles everything that was collected so far. The first error stops it and goes to `result`; then no rule counts.
 * `isDue` leaves rules out that are below the priority that is asked for.
 */
export function compileRules(
  collector: Collector,
  sources: ReadonlyMap<string, FieldCatalog>,
  result: FileResult,
  extra: ExtraOutput,
): CompiledRule[] {
  try {
    const lists = new ListTexts(collector.lists);
    const macros = compileMacros(collector, lists);
    const rules: CompiledRule[] = [];
    for (const item of collector.rules.values()) {
      const catalog = item.isUnknownSource ? undefined : sources.get(item.source);
      const rule = catalog === undefined ? undefined : compileRule(item, { catalog, lists, macros, result, extra });
      if (rule !== undefined) rules.push(rule);
    }
    warnOfUnused(collector, lists, macros, result);
    return rules;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    result.error(error.code, error.message, error.context);
    return [];
  }
}

function compileMacros(collector: Collector, lists: ListTexts): MacroResolver {
  const parsed = new Map<string, Expression>();
  for (const [name, { condition, conditionContext }] of collector.macros) {
    parsed.set(name, parseCondition(condition, lists, conditionContext));
  }
  const resolver = new MacroResolver(collector.macros, parsed);
  resolver.resolveAll();
  return resolver;
}

function parseCondition(condition: string, lists: ListTexts, context: Context): Expression {
  if (condition.length > maxCondition) {
    const message = `Condition is longer than ${maxCondition} characters`;
    throw new LoadError('LOAD_ERR_VALIDATE', message, context);
  }
  const text = lists.resolve(condition, context);
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new LoadError('LOAD_ERR_COMPILE_CONDITION', error.message, context.inCondition(error.at, text));
  }
}

interface RuleScope {
  readonly catalog: FieldCatalog;
  readonly lists: ListTexts;
  readonly macros: MacroResolver;
  readonly result: FileResult;
  readonly extra: ExtraOutput;
}

/** Undefined when the rule is left out because it may be and names something unknown. */
function compileRule(item: RuleItem, scope: RuleScope): CompiledRule | undefined {
  const { result } = scope;
  const condition = withExceptions(item.condition, item.exceptions);
  const output = compileOutput(item, scope);
  if (output === undefined) return undefined;
  warnOfOutput(item, result);
  const parsed = parseCondition(condition, scope.lists, item.conditionContext);
  const expression = scope.macros.resolve(parsed, condition, item.context);
  warnOfExpression(expression, item.conditionContext, result);
  const compiled = compileExpression(expression, condition, item, scope);
  if (compiled === undefined) return undefined;
  for (const { message, at } of compiled.warnings) {
    result.warn('LOAD_COMPILE_CONDITION', message, item.conditionContext.inCondition(at, condition));
  }
  const types = eventTypesOf(expression);
  if (item.source === 'syscall' && item.warnsEventTypes && codeCount(types) > manyCodes) {
    const message = 'Rule matches too many evt.type values. This has a significant performance penalty.';
    result.warn('LOAD_NO_EVTTYPE', message, item.context);
  }
  return { item, expression, condition: compiled.condition, types, ...output };
}

function compileExpression(
  expression: Expression,
  condition: string,
  item: RuleItem,
  { catalog, result }: RuleScope,
): ReturnType<typeof compileFilter> | undefined {
  try {
    return compileFilter(expression, catalog);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const context = item.conditionContext.inCondition(error.at, condition);
    if (item.skipsUnknown && isUnknownName(error.message)) {
      result.warn('LOAD_UNKNOWN_FILTER', error.message, context);
      return undefined;
    }
    throw new LoadError('LOAD_ERR_COMPILE_CONDITION', error.message, context);
  }
}

function compileOutput(
  item: RuleItem,
  { catalog, result, extra }: RuleScope,
): Pick<CompiledRule, 'output' | 'extraFields'> | undefined {
  const appended = appendedTo(item, extra);
  let format = [item.output, ...appended.flatMap(({ formats }) => formats)].join(' ');
  if (format.includes(containerInfo)) {
    const message =
      '%container.info is deprecated and no more useful, and will be dropped by Falco 1.0.0. The container plugin will automatically add required fields to the output message.';
    result.warn('LOAD_DEPRECATED_ITEM', message, item.context);
    format = format.replaceAll(containerInfo, '');
  }
  try {
    const extraFields = appended
      .flatMap(({ fields }) => fields)
      .map(({ name, format: own }): ExtraField => ({
        name,
        isText: own !== undefined,
        parts: parseFormat(own ?? `%${name}`, catalog),
      }));
    return { output: parseFormat(format, catalog), extraFields };
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof FilterError)) throw error;
    if (item.skipsUnknown && isUnknownName(error.message)) {
      result.warn('LOAD_UNKNOWN_FILTER', error.message, item.outputContext);
      return undefined;
    }
    throw new LoadError('LOAD_ERR_COMPILE_OUTPUT', error.message, item.outputContext);
  }
}

function isUnknownName(message: string): boolean {
  return ['nonexistent field', 'invalid formatting token', 'unknown event type', 'unknown filter:'].some((part) =>
    message.includes(part),
  );
}

function warnOfUnused(collector: Collector, lists: ListTexts, macros: MacroResolver, result: FileResult): void {
  for (const { name, context } of collector.macros.values()) {
    if (macros.used.has(name)) continue;
    result.warn('LOAD_UNUSED_MACRO', 'Macro not referred to by any other rule/macro', context);
  }
  for (const { name, context } of collector.lists.values()) {
    if (lists.used.has(name)) continue;
    result.warn('LOAD_UNUSED_LIST', 'List not referred to by any other rule/macro', context);
  }
}

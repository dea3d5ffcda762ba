import { FilterError } from '../filter/ast.ts';
import { modifiers } from '../filter/ast.ts';
import { listOperators, operatorNames, textOperators } from '../filter/operators.ts';
import { parseFilter } from '../filter/parser.ts';
import { typedOperand } from '../compile/typed-operand.ts';
import type { FieldCatalog } from '../fields/catalog.ts';
import { LoadError, type Context } from './context.ts';
import type { FileResult } from './file-result.ts';
import type { Entry, Exception, ListItem, MacroItem, RuleItem, RuleUpdate } from './items.ts';
import { engineVersion, isCompatible, parseVersion, type Version } from './version.ts';

const noList = "List uses 'append' or 'override.items: append' but no list by that name already exists";
const noMacro = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists";
const noRuleToAppend = "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists";
const noRuleToReplace = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists";

type Unplaced<T> = Omit<T, 'index' | 'visibility'>;

/** Lists, macros and rules of all files so far, each by its name in the order in which it was first defined. */
export class Collector {
  readonly lists = new Map<string, ListItem>();
  readonly macros = new Map<string, MacroItem>();
  readonly rules = new Map<string, RuleItem>();
  readonly #sources: ReadonlyMap<string, FieldCatalog>;
  #next = 0;

  /** `sources` may grow while files are read. */
  constructor(sources: ReadonlyMap<string, FieldCatalog>) {
    this.#sources = sources;
  }

  requireEngine(required: Version, context: Context): void {
    const own = parseVersion(engineVersion);
    if (own !== undefined && isCompatible(own, required)) return;
    throw fault(`Rules require engine version ${required.text}, but engine version is ${engineVersion}`, context);
  }

  defineList(list: Unplaced<ListItem>): void {
    this.#define(this.lists, list);
  }

  appendList(list: Unplaced<ListItem>): void {
    const previous = this.lists.get(list.name);
    if (previous === undefined) throw fault(noList, list.context);
    for (const item of list.items) previous.items.push(item);
    previous.visibility = this.#next++;
  }

  defineMacro(macro: Unplaced<MacroItem>): void {
    this.#define(this.macros, macro);
  }

  appendMacro(macro: Unplaced<MacroItem>): void {
    const previous = this.macros.get(macro.name);
    if (previous === undefined) throw fault(noMacro, macro.context);
    previous.condition += ` ${macro.condition}`;
    previous.visibility = this.#next++;
  }

  defineRule(rule: Unplaced<RuleItem>, result: FileResult): void {
    const previous = this.rules.get(rule.name);
    if (previous !== undefined && previous.source !== rule.source) {
      throw fault('Rule has been re-defined with a different source', rule.context);
    }
    const catalog = this.#sources.get(rule.source);
    if (catalog === undefined) {
      rule.isUnknownSource = true;
      result.warn('LOAD_UNKNOWN_SOURCE', `Unknown source ${rule.source}, skipping`, rule.context);
    }
    for (const exception of rule.exceptions) checkException(exception, catalog);
    this.#define(this.rules, rule);
  }

  appendRule(update: RuleUpdate): void {
    const rule = this.rules.get(update.name);
    if (rule === undefined) throw fault(noRuleToAppend, update.context);
    const { condition, output, description, tags, exceptions } = update;
    const isEmpty = [condition, output, description, tags, exceptions].every((value) => value === undefined);
    if (isEmpty) throw fault('Appended rule must have exceptions or condition property', update.context);
    if (condition !== undefined) rule.condition += ` ${condition}`;
    if (output !== undefined) rule.output += ` ${output}`;
    if (description !== undefined) rule.description += ` ${description}`;
    if (tags !== undefined) rule.tags = sorted([...rule.tags, ...tags]);
    for (const exception of exceptions ?? []) this.#appendException(rule, exception);
    rule.visibility = this.#next++;
  }

  #appendException(rule: RuleItem, exception: Exception): void {
    const previous = rule.exceptions.find(({ name }) => name === exception.name);
    if (previous === undefined) {
      if (exception.fields === undefined) {
        throw fault('Rule exception must have fields property with a list of fields', exception.context);
      }
      if (exception.values.length === 0) {
        throw fault('Rule exception must have values property with a list of values', exception.context);
      }
      checkException(exception, this.#sources.get(rule.source));
      rule.exceptions.push(exception);
      return;
    }
    for (const key of ['fields', 'comps'] as const) {
      if (exception[key] === undefined) continue;
      const message = `Can not append exception ${key} to existing exception, only values`;
      throw fault(message, exception.context);
    }
    for (const value of exception.values) previous.values.push(value);
  }

  replaceInRule(update: RuleUpdate): void {
    const rule = this.rules.get(update.name);
    if (rule === undefined) throw fault(noRuleToReplace, update.context);
    const { name: _name, context: _context, conditionContext, outputContext, ...changes } = update;
    for (const exception of changes.exceptions ?? []) checkException(exception, this.#sources.get(rule.source));
    if (changes.tags !== undefined) changes.tags = sorted(changes.tags);
    Object.assign(rule, changes);
    if (conditionContext !== undefined) rule.conditionContext = conditionContext;
    if (outputContext !== undefined) rule.outputContext = outputContext;
    rule.visibility = this.#next++;
  }

  enableRule(name: string, isEnabled: boolean, context: Context): void {
    const rule = this.rules.get(name);
    if (rule === undefined) throw fault("Rule has 'enabled' key but no rule by that name already exists", context);
    rule.isEnabled = isEnabled;
  }

  /** A redefinition keeps the place of the first, because rules are tried in order. */
  #define<T extends { readonly name: string; index: number; visibility: number }>(
    items: Map<string, T>,
    item: Unplaced<T> & { readonly name: string },
  ): void {
    const id = this.#next++;
    items.set(item.name, { ...item, index: items.get(item.name)?.index ?? id, visibility: id } as unknown as T);
  }
}

/** Tags are a set, in the order of their bytes. */
export function sorted(tags: readonly string[]): string[] {
  return [...new Set(tags)].sort();
}

function fault(message: string, context: Context): LoadError {
  return new LoadError('LOAD_ERR_VALIDATE', message, context);
}

/** Operators of one value each, with or without `oneof` and its like, and those over lists. */
export function isListOperator(operator: string): boolean {
  return (listOperators as readonly string[]).includes(operator) || isModified(operator);
}

function isModified(operator: string): boolean {
  const [base = '', modifier = '', ...rest] = operator.split(' ');
  const isKnown = (modifiers as readonly string[]).includes(modifier);
  return isKnown && rest.length === 0 && (textOperators as readonly string[]).includes(base);
}

/** Fills in the operators that are left out, and holds fields and operators against each other and the source. */
function checkException(exception: Exception, catalog: FieldCatalog | undefined): void {
  const { fields, context } = exception;
  if (fields === undefined) {
    throw fault('Rule exception item must have fields property with a list of fields', context);
  }
  if (typeof fields === 'string') {
    exception.comps ??= 'in';
    if (typeof exception.comps !== 'string') throw fault('Fields and comps must both be strings', context);
    if (!isListOperator(exception.comps)) {
      const operators = "in, pmatch, intersects, or an operator with 'oneof', 'anyof' or 'allof'";
      throw fault(`When fields is a single value, comps must be one of (${operators})`, context);
    }
    checkField(fields, catalog, context);
    return;
  }
  exception.comps ??= fields.map(() => '=');
  const { comps } = exception;
  if (typeof comps === 'string' || comps.length !== fields.length) {
    throw fault('Fields and comps lists must have equal length', context);
  }
  for (const comp of comps) {
    const operator = typeof comp === 'string' ? comp : '';
    if (operatorNames.includes(operator) || isModified(operator)) continue;
    throw fault(`'${operator}' is not a supported comparison operator`, context);
  }
  for (const field of fields) checkField(field, catalog, context);
}

function checkField(field: Entry, catalog: FieldCatalog | undefined, context: Context): void {
  if (catalog === undefined) return;
  const name = typeof field === 'string' ? field : '';
  try {
    const expression = parseFilter(`${name} exists`);
    if (expression.kind === 'exists') {
      typedOperand(expression.left, catalog, 'left');
      return;
    }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
  }
  throw fault(`'${name}' is not a supported filter field`, context);
}

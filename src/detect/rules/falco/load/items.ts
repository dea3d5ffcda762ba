import type { Context } from './context.ts';

/** Falco's priorities, most urgent first, as they are printed. */
export const priorities = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;
export type Priority = (typeof priorities)[number];

/** Reads a priority in any case; `info` is short for informational. */
export function parsePriority(text: string): Priority | undefined {
  const lower = text.toLowerCase();
  return priorities.find((priority) => priority.toLowerCase() === (lower === 'info' ? 'informational' : lower));
}

/** A value of an exception: a text or a list of such. */
export type Entry = string | readonly Entry[];

export interface Exception {
  readonly name: string;
  readonly fields: Entry | undefined;
  comps: Entry | undefined;
  readonly values: Entry[];
  readonly context: Context;
}

/** What an item's place in the order of all definitions decides. */
interface Placed {
  /** Where it stands: a redefinition keeps the first place. */
  index: number;
  /** Up to where it sees other definitions: moves with each redefinition and append. */
  visibility: number;
}

export interface ListItem extends Placed {
  readonly name: string;
  readonly items: string[];
  readonly context: Context;
}

export interface MacroItem extends Placed {
  readonly name: string;
  condition: string;
  readonly context: Context;
  readonly conditionContext: Context;
}

export interface RuleItem extends Placed {
  readonly name: string;
  readonly context: Context;
  conditionContext: Context;
  outputContext: Context;
  readonly source: string;
  isUnknownSource: boolean;
  condition: string;
  output: string;
  description: string;
  priority: Priority;
  tags: string[];
  exceptions: Exception[];
  isEnabled: boolean;
  warnsEventTypes: boolean;
  skipsUnknown: boolean;
  captures: boolean;
  captureMilliseconds: number;
}

/** What an append or override changes. */
export interface RuleUpdate {
  readonly name: string;
  readonly context: Context;
  conditionContext?: Context;
  outputContext?: Context;
  condition?: string;
  output?: string;
  description?: string;
  priority?: Priority;
  tags?: string[];
  exceptions?: Exception[];
  isEnabled?: boolean;
  warnsEventTypes?: boolean;
  skipsUnknown?: boolean;
  captures?: boolean;
  captureMilliseconds?: number;
}

// Written by `npm run gen` from what stands beside this file. Do not edit.
import type { Command } from '../command.ts';

export const commands = {
} as const;
export type CommandId = keyof typeof commands;

// Each name is the id, and each entry fits the contract of its family.
commands satisfies { readonly [Id in CommandId]: Command<Id> };

// Written by `npm run gen` from what stands beside this file. Do not edit.
import { command as configEntry } from './config/index.ts';
import { command as doctorEntry } from './doctor/index.ts';
import { command as evidenceEntry } from './evidence/index.ts';
import { command as feedsEntry } from './feeds/index.ts';
import { command as fileEntry } from './file/index.ts';
import { command as hostEntry } from './host/index.ts';
import { command as huntEntry } from './hunt/index.ts';
import { command as imageEntry } from './image/index.ts';
import { command as investigateEntry } from './investigate/index.ts';
import { command as netEntry } from './net/index.ts';
import { command as reportEntry } from './report/index.ts';
import { command as rulesEntry } from './rules/index.ts';
import { command as sourcesEntry } from './sources/index.ts';
import { command as suppressEntry } from './suppress/index.ts';
import { command as watchEntry } from './watch/index.ts';
import type { Command } from '../command.ts';

export const commands = {
  'config': configEntry,
  'doctor': doctorEntry,
  'evidence': evidenceEntry,
  'feeds': feedsEntry,
  'file': fileEntry,
  'host': hostEntry,
  'hunt': huntEntry,
  'image': imageEntry,
  'investigate': investigateEntry,
  'net': netEntry,
  'report': reportEntry,
  'rules': rulesEntry,
  'sources': sourcesEntry,
  'suppress': suppressEntry,
  'watch': watchEntry,
} as const;
export type CommandId = keyof typeof commands;

// Each name is the id, and each entry fits the contract of its family.
commands satisfies { readonly [Id in CommandId]: Command<Id> };

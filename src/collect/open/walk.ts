import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';

export type WalkResult = { readonly file: string; readonly size: number } | { readonly problem: Problem };

/**
 * Files below the given paths, in name order. Links are followed where the caller named them, never inside a folder:
 * collected evidence may hold a link to this machine's own files.
 */
export function* walkEvidence(paths: readonly string[]): Generator<WalkResult> {
  for (const path of paths) yield* told(path, walkFollowed([path]));
}

/** The same for paths that are looked at again and again: what is empty today may not be tomorrow, and is not told. */
export function* walkFollowed(paths: readonly string[]): Generator<WalkResult> {
  for (const path of paths) {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) yield* walkFolder(path);
      else if (stat.isFile()) yield { file: path, size: stat.size };
      else yield special(path);
    } catch (error) {
      yield { problem: { code: 'unreadable', at: { path }, message: messageOf(error) } };
    }
  }
}

/** Whoever names a path expects something in it: a collection that failed must not look like a quiet day. */
function* told(path: string, found: Iterable<WalkResult>): Generator<WalkResult> {
  let isBare = true;
  for (const one of found) {
    isBare = false;
    yield one;
    if ('file' in one && one.file === path && one.size === 0) yield nothing(path, 'the file is empty');
  }
  if (isBare) yield nothing(path, 'there is no file in the folder');
}

function nothing(path: string, message: string): WalkResult {
  return { problem: { code: 'unreadable', at: { path }, message, hint: 'see whether what collected it failed' } };
}

function* walkFolder(folder: string): Generator<WalkResult> {
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    let names: string[];
    try {
      names = readdirSync(next).sort();
    } catch (error) {
      yield { problem: { code: 'unreadable', at: { path: next }, message: messageOf(error) } };
      continue;
    }
    const folders: string[] = [];
    for (const name of names) {
      const path = join(next, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      // Who reads the folder gets such a name changed, and a file of the changed name is not there.
      if (stat === undefined && name.includes('\uFFFD')) yield odd(path);
      if (stat === undefined) continue;
      if (stat.isDirectory()) folders.push(path);
      else if (stat.isFile()) yield { file: path, size: stat.size };
      else if (stat.isSymbolicLink()) yield link(path);
      else yield special(path);
    }
    pending.push(...folders.reverse());
  }
}

function odd(path: string): WalkResult {
  const message = 'its name is no UTF-8: neither it nor what is below it was read';
  const hint = 'rename it (`convmv`, `mv`), or look through the folder as a root (`--root`)';
  return { problem: { code: 'unreadable', at: { path }, message, hint } };
}

function link(path: string): WalkResult {
  const message = 'a link inside evidence is not followed';
  return {
    problem: {
      code: 'unsafe-path',
      at: { path },
      message,
      hint: 'name its target on the command line if you trust it',
    },
  };
}

function special(path: string): WalkResult {
  return { problem: { code: 'unreadable', at: { path }, message: 'it is no file and no folder' } };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Evidence } from '../samples/model/evidence.ts';
import { zeekWeek } from './files.ts';
import { planted, playPlanted } from './planted/all.ts';
import { shapes, type ShapeName } from './shapes.ts';
import { playWeek } from './week.ts';

/** `node tools/week/main.ts FOLDER [NAME [SEED [SHAPE]]]`: the ordinary week, or one planted behaviour of it; a name of `week` is the week too. */
function main([folder, given, seed, shape = 'office']: readonly string[]): number {
  const name = given === 'week' ? undefined : given;
  const chosen = name === undefined ? undefined : planted[name];
  if (folder === undefined || (name !== undefined && chosen === undefined) || !Object.hasOwn(shapes, shape)) {
    process.stderr.write(
      `node tools/week/main.ts FOLDER [week|${Object.keys(planted).join('|')} [SEED [${Object.keys(shapes).join('|')}]]]\n`,
    );
    return 2;
  }
  const bytes = writeWeek(
    folder,
    name === undefined || chosen === undefined
      ? playWeek(seed, shape as ShapeName)
      : playPlanted(name, chosen, seed, shape as ShapeName),
  );
  process.stderr.write(`${bytes} bytes written to ${folder}\n`);
  return 0;
}

function writeWeek(folder: string, evidence: Evidence): number {
  let bytes = 0;
  for (const [path, text] of zeekWeek(evidence)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    bytes += text.length;
  }
  return bytes;
}

process.exitCode = main(process.argv.slice(2));

import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { jsonText } from '../../../base/json-text.ts';
import { version } from '../../../base/version.ts';
import type { OpenedImage } from '../../../inspect/image/image.ts';
import { catalogTree, type Catalog } from '../../../inspect/packages/catalog.ts';
import { readSbom } from '../../../inspect/packages/sbom/read-sbom.ts';
import { toCycloneDx } from '../../../inspect/packages/sbom/cyclonedx-write.ts';
import type { Sbom, SbomFormat } from '../../../inspect/packages/sbom/sbom.ts';
import { toSpdx } from '../../../inspect/packages/sbom/spdx-write.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { billIn } from './bill-file.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import { tellProblems } from './print-image.ts';

export interface SbomOptions extends ImageOptions {
  readonly format: SbomFormat;
  readonly output?: string;
  readonly files?: boolean;
}

/** Writes the bill of materials of an image or root filesystem, or an existing bill in another form; what could not be read is told. */
export function writeSbom(reference: string, options: SbomOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.format === 'spdx' && options.files === true) {
    throw new VakthundError('USAGE', '--files goes with --format cyclonedx', {
      hint: 'SPDX asks for the SHA-1 of each file, which package databases do not have',
    });
  }
  // A bill is written anew, in the other form.
  const bill = billIn(reference);
  if (bill !== undefined) {
    const { sbom, problems } = readSbom(bill);
    const told = problems.map((problem) => ({ ...problem, at: { path: reference } }));
    return Promise.resolve(put(sbom, told, options, terminal));
  }
  return withImage(reference, options, terminal, (image) => {
    const catalog = catalogTree(image.tree);
    return put(sbomOf(image, catalog), [...image.drainProblems(), ...catalog.problems], options, terminal);
  });
}

function put(sbom: Sbom, problems: readonly Problem[], options: SbomOptions, terminal: Terminal): ExitCode {
  const stamp = { uuid: randomUUID(), toolVersion: version, withFiles: options.files === true };
  const document = options.format === 'spdx' ? toSpdx(sbom, stamp) : toCycloneDx(sbom, stamp);
  if (options.output === undefined) for (const text of textsOf(document)) terminal.out(text);
  else write(options.output, textsOf(document));
  tellProblems(problems, terminal);
  if (!terminal.quiet) terminal.talk(`${summaryOf(sbom)}\n`);
  return 0;
}

/** The bill of an opened image. */
function sbomOf(image: OpenedImage, { distribution, packages }: Catalog): Sbom {
  const digest = image.manifest?.digest ?? image.id;
  return {
    subject: {
      name: image.tags[0] ?? image.reference,
      kind: image.layers.length > 0 ? 'image' : 'folder',
      ...(digest === undefined ? {} : { digest }),
    },
    created: Date.now() * 1000,
    distribution,
    packages,
  };
}

/** Piece by piece: the bill of an image that names a hundred thousand packages has a hundred megabytes. */
function* textsOf(document: Readonly<Record<string, unknown>>): Generator<string> {
  for (const text of jsonText(document)) yield visibleJson(text);
  yield '\n';
}

function write(path: string, texts: Iterable<string>): void {
  try {
    const file = openSync(resolve(path), 'w');
    try {
      for (const text of texts) writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new VakthundError('OUTPUT', `cannot write the bill of materials to "${path}"`, { cause });
  }
}

/** `33 apk, 3 pypi packages; Alpine Linux v3.11`. */
function summaryOf({ packages, distribution }: Sbom): string {
  const counts = new Map<string, number>();
  for (const { type } of packages) counts.set(type, (counts.get(type) ?? 0) + 1);
  const parts = [...counts].map(([type, count]) => `${count} ${type}`);
  return `${parts.length === 0 ? 'no' : parts.join(', ')} packages; ${visibleText(distribution?.prettyName ?? 'no distribution')}`;
}

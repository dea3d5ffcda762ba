import { describe, expect, it } from 'vitest';
import { VakthundError } from '../../src/base/errors.ts';
import { catalogTree } from '../../src/inspect/packages/catalog.ts';
import { toCycloneDx } from '../../src/inspect/packages/sbom/cyclonedx-write.ts';
import { readSbom } from '../../src/inspect/packages/sbom/read-sbom.ts';
import { toSpdx } from '../../src/inspect/packages/sbom/spdx-write.ts';
import { databaseSamples } from '../support/database-samples.ts';
import { memoryBytes, MemoryTree } from '../support/memory-tree.ts';
import type { PackageSample } from '../support/package-sample.ts';
import { packageSamples } from '../support/package-samples.ts';
import { mutate } from './mutate.ts';
import { Random, seedOf } from './random.ts';

/** More by `FUZZ_EXECUTIONS`. */
const executions = Number(process.env['FUZZ_EXECUTIONS'] ?? 25);
const samples = [...databaseSamples, ...packageSamples];
/** Of the processor, for half a megabyte of anything. */
const maxInputMs = 6_000;

describe('every cataloger', () => {
  it.each(samples.map((sample) => [sample.cataloger, sample.what, sample] as const))(
    'takes mutated files: %s, %s',
    (_cataloger, _what, sample) => {
      const faults: string[] = [];
      for (let execution = 0; execution < executions; execution++) {
        const fault = faultOf(sample, execution);
        if (fault !== undefined) faults.push(`execution ${execution}: ${fault}`);
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

/** One file of a sample is mutated; no cataloger may throw, and none may take long. */
function faultOf(sample: PackageSample, execution: number): string | undefined {
  const random = new Random(seedOf(1, sample.cataloger, sample.what, execution));
  const contents = Object.entries(sample.files).map(([path, file]) => [path, memoryBytes(file)] as const);
  const chosen = random.below(contents.length);
  const others = contents.map(([, bytes]) => bytes);
  const files = contents.map(([path, bytes], index) => [
    path,
    index === chosen ? mutate(bytes, random, others) : bytes,
  ]);
  const before = process.cpuUsage();
  const { problems, packages } = catalogTree(new MemoryTree(Object.fromEntries(files) as Record<string, Buffer>));
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  const thrown = problems.find(({ code }) => code === 'detector-failed');
  if (thrown !== undefined) return thrown.message;
  if (packages.some(({ name, purl }) => name === '' || !purl.startsWith('pkg:'))) return 'a package without a name';
  return tookMs > maxInputMs ? `took ${Math.round(tookMs)} ms of the processor` : undefined;
}

describe('the reader of bills of materials', () => {
  const { packages, distribution } = catalogTree(
    new MemoryTree(Object.assign({}, ...samples.map(({ files }) => files)) as Record<string, Buffer>),
  );
  const sbom = { subject: { name: 'x', kind: 'image' as const }, created: 0, distribution, packages };
  const stamp = { uuid: '00000000-0000-4000-8000-000000000000', toolVersion: '0', withFiles: true };
  const seeds = [toCycloneDx(sbom, stamp), toSpdx(sbom, stamp)].map((document) =>
    Buffer.from(JSON.stringify(document, undefined, 1)),
  );
  seeds.push(
    Buffer.from(
      'SPDXVersion: SPDX-2.3\nPackageName: a\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\nRelationship: a DESCRIBES b\nExtractedText: <text>x\n',
    ),
  );

  it('takes mutated ones', () => {
    const outcomes = new Map<string, number>();
    for (let execution = 0; execution < executions * 4; execution++) {
      const random = new Random(seedOf(2, execution));
      const text = mutate(seeds[execution % seeds.length] ?? Buffer.alloc(0), random, seeds).toString('utf8');
      const outcome = outcomeOf(text);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual(['read', 'refused']);
  });
});

function outcomeOf(text: string): string {
  try {
    readSbom(text);
    return 'read';
  } catch (error) {
    return error instanceof VakthundError ? 'refused' : `threw ${String(error)}`;
  }
}

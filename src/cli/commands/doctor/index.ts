import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { formatBytes } from '../../../base/bytes.ts';
import { messageOf } from '../../../base/errors.ts';
import { defineCommand, type ExitCode } from '../../command.ts';
import { hasCase, settingsOf, withCase, type GlobalOptions } from '../../context.ts';
import { dataFolder } from '../../data-folder.ts';
import type { Terminal } from '../../terminal.ts';

interface Check {
  readonly what: string;
  readonly isFine: boolean;
  readonly says: string;
}

const examples = `Examples:
  vakthund doctor            what this machine can and cannot do
`;

export const command = defineCommand({
  id: 'doctor',
  summary: 'check this machine, the settings and the case',
  define(command, run) {
    command
      .addHelpText('before', examples)
      .action(() => run((terminal) => doctor(command.optsWithGlobals<GlobalOptions>(), terminal)));
  },
});

async function doctor(options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const checks = [
    node(),
    memory(),
    disk(options.case),
    await settings(options),
    await store(options, terminal),
    await sensorsHere(),
    await advisories(),
    await formats(),
  ];
  if (terminal.json) terminal.out(`${JSON.stringify({ checks }, null, 1)}\n`);
  else for (const check of checks) terminal.out(`${check.isFine ? 'ok  ' : 'FAIL'} ${check.what}: ${check.says}\n`);
  return checks.every((check) => check.isFine) ? 0 : 2;
}

function node(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return { what: 'Node', isFine: major >= 24, says: `${process.versions.node}, ${availableParallelism()} threads` };
}

function memory(): Check {
  const free = freemem();
  const says = `${formatBytes(free)} free of ${formatBytes(totalmem())}`;
  return { what: 'memory', isFine: free > 500_000_000, says };
}

function disk(caseFolder: string): Check {
  let folder = resolve(caseFolder);
  while (!existsSync(folder)) folder = resolve(folder, '..');
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return { what: 'disk', isFine: bavail * bsize > 1e9, says: `${formatBytes(bavail * bsize)} free at ${folder}` };
  } catch (error) {
    return { what: 'disk', isFine: false, says: `${folder} cannot be written: ${messageOf(error)}` };
  }
}

async function settings(options: GlobalOptions): Promise<Check> {
  try {
    const { origins } = await settingsOf(options);
    const files = new Set(origins.values());
    return { what: 'settings', isFine: true, says: files.size === 0 ? 'defaults' : [...files].join(', ') };
  } catch (error) {
    return { what: 'settings', isFine: false, says: messageOf(error) };
  }
}

async function store(options: GlobalOptions, terminal: Terminal): Promise<Check> {
  if (!hasCase(options)) {
    return { what: 'case', isFine: true, says: `none yet at ${options.case}; investigate makes one` };
  }
  try {
    const verdict = await withCase(options, terminal, (service) => service.verdict());
    const unfinished = verdict.evidence.filter((row) => !row.is_complete).length;
    const says = `${verdict.evidence.length} logs, ${verdict.incidents.length} incidents${unfinished > 0 ? `, ${unfinished} not read to the end` : ''}`;
    return { what: 'case', isFine: true, says };
  } catch (error) {
    return { what: 'case', isFine: false, says: messageOf(error) };
  }
}

/** A sensor that cannot run is no fault of the machine: it is told, because what it would see is not seen. */
async function sensorsHere(): Promise<Check> {
  const { sensors } = await import('../../../collect/sensors/registry.generated.ts');
  const says: string[] = [];
  for (const sensor of Object.values(sensors)) {
    const why = await sensor.whyNot();
    says.push(why === undefined ? `${sensor.id} can run` : `${sensor.id} cannot run: ${why}`);
  }
  return { what: 'sensors', isFine: true, says: says.join('; ') };
}

async function advisories(): Promise<Check> {
  const { StoredBook } = await import('../../../inspect/packages/advisories/store/read-store.ts');
  const { storePath } = await import('../../../inspect/packages/advisories/store/update-store.ts');
  const path = storePath(dataFolder('advisories'));
  if (!existsSync(path)) {
    return {
      what: 'advisories',
      isFine: true,
      says: 'none; vakthund feeds update fetches them, image scan --advisories takes files',
    };
  }
  try {
    const book = new StoredBook(path);
    book.close();
    return { what: 'advisories', isFine: true, says: `of ${book.info.builtAt.slice(0, 10)}` };
  } catch (error) {
    return { what: 'advisories', isFine: false, says: messageOf(error) };
  }
}

async function formats(): Promise<Check> {
  const { sources } = await import('../../../collect/sources/registry.generated.ts');
  const { analytics } = await import('../../../detect/analytics/registry.generated.ts');
  const says = `${Object.keys(sources).join(', ')}; ${Object.keys(analytics).length} analytics`;
  return { what: 'reads', isFine: Object.keys(sources).length > 0, says };
}

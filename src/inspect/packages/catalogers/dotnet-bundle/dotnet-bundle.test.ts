import { describe, expect, it } from 'vitest';
import { bundleOf, hostData } from '../../../../../tests/support/dotnet-bundle.ts';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { elfOf, machOOf, peOf } from '../../../../../tests/support/programs.ts';
import { catalogTree } from '../../catalog.ts';

const deps = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0/linux-x64' },
  targets: {},
  libraries: {
    'app/1.0.0': { type: 'project' },
    'Newtonsoft.Json/12.0.3': { type: 'package' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
  },
});
const elf = elfOf([
  { name: '.text', bytes: Buffer.alloc(64) },
  { name: '.data', bytes: hostData },
]);

function catalogOf(program: Buffer) {
  const { packages, problems } = catalogTree(new MemoryTree({ '/app/bin/app.exe': program }));
  return { names: packages.map(({ name, version }) => `${name} ${version}`), problems };
}

describe('an application of .NET in one file', () => {
  it.each([
    ['ELF', elf, 6],
    ['ELF, .NET 5', elf, 2],
    ['ELF, .NET Core 3', elf, 1],
    ['ELF that keeps its variables elsewhere', elfOf([{ name: '.x', bytes: hostData }]), 6],
    ['PE', peOf([{ name: '.data', address: 0x40_1000, bytes: hostData }]), 6],
    ['Mach-O', machOOf([{ name: '__data', bytes: hostData }]), 6],
  ] as const)('has the packages of its deps.json: %s', (_title, host, major) => {
    expect(catalogOf(bundleOf(host, deps, major))).toEqual({
      names: ['Microsoft.NETCore.App.Runtime.linux-x64 8.0.1', 'Newtonsoft.Json 12.0.3', 'app 1.0.0'],
      problems: [],
    });
  });

  it('is not one without a bundle behind the host', () => {
    expect(catalogOf(elf)).toEqual({ names: [], problems: [] });
    expect(catalogOf(Buffer.concat([elf, Buffer.alloc(9000)]))).toEqual({ names: [], problems: [] });
  });

  it.each(['cut behind the assembly', 'header past the end', 'list past the end', 'list that is no JSON'])(
    'that is damaged is told: %s',
    (what) => {
      const whole = bundleOf(elf, what.includes('JSON') ? '{' : deps, 6);
      const marker = whole.indexOf(hostData.subarray(24, 56)) - 8;
      const header = Number(whole.readBigInt64LE(marker));
      if (what.includes('header')) whole.writeBigInt64LE(2n ** 62n, marker);
      if (what.startsWith('list past')) whole.writeBigInt64LE(-5n, header + 12 + 13 + 8);
      const { names, problems } = catalogOf(what.startsWith('cut') ? whole.subarray(0, elf.length + 8192) : whole);
      expect(names).toEqual([]);
      expect(problems).toMatchObject([{ code: 'bad-record', at: { path: '/app/bin/app.exe' } }]);
    },
  );
});

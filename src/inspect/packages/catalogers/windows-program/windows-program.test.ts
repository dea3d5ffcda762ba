import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../../tests/support/memory-tree.ts';
import { libraryOf } from '../../../../../tests/support/version-resource.ts';
import { catalogTree } from '../../catalog.ts';

const json = libraryOf(
  {
    FileVersion: '12.0.3.23909',
    InternalName: 'Newtonsoft.Json.dll',
    ProductName: 'Json.NET',
    ProductVersion: '12.0.3+7c3d7f8da7e35dde8fa74188b0decff70f8f10e3',
  },
  true,
);

function catalogOf(files: Readonly<Record<string, MemoryFile>>) {
  return catalogTree(new MemoryTree(files));
}

function names(files: Readonly<Record<string, MemoryFile>>): string[] {
  return catalogOf(files).packages.map(({ type, name, version }) => `${type} ${name} ${version}`);
}

describe('a library with a version resource', () => {
  it('of .NET is the package of its name, once with all its places', () => {
    const { packages, problems } = catalogOf({
      '/app/a/Newtonsoft.Json.dll': json,
      '/app/b/Newtonsoft.Json.dll': json,
    });
    expect(packages).toMatchObject([
      {
        purl: 'pkg:nuget/Newtonsoft.Json@12.0.3',
        locations: ['/app/a/Newtonsoft.Json.dll', '/app/b/Newtonsoft.Json.dll'],
        details: { identifiedBy: 'version resource', product: 'Json.NET' },
      },
    ]);
    expect(problems).toEqual([]);
  });

  it('is a part of the application whose list stands beside it or above', () => {
    const list = '{"libraries":{"Newtonsoft.Json/12.0.3":{"type":"package"}}}';
    const files = { '/app/shop.deps.json': list.padEnd(80), '/app/runtimes/win/Newtonsoft.Json.dll': json };
    expect(names(files)).toEqual(['nuget Newtonsoft.Json 12.0.3']);
    expect(catalogOf(files).packages[0]?.foundBy).toBe('dotnet');
    expect(names({ ...files, '/other/Newtonsoft.Json.dll': json })).toHaveLength(2);
  });

  it.each([
    ['three numbers and a zero', { ProductVersion: '1.0.0.0' }, 'nuget x 1.0.0'],
    [
      'a version of words, then that of the file',
      { ProductVersion: 'main', FileVersion: '2.1.0.5' },
      'nuget x 2.1.0.5',
    ],
    ['what was built where', { ProductVersion: '4.6.57.0 built by: NETFX' }, 'nuget x 4.6.57'],
    ['numbers with commas', { ProductVersion: '1, 2, 3, 4' }, 'nuget x 1.2.3.4'],
    ['a release before the release', { ProductVersion: '8.0.0-rc.1+abc' }, 'nuget x 8.0.0-rc.1'],
    ['no texts', {}, 'nuget x 9.8.7.6'],
  ])('has the version of %s', (_title, texts, want) => {
    expect(names({ '/app/x.dll': libraryOf(texts, true) })).toEqual([want]);
  });

  it('of another kind is called by what it was named first, and belongs to no ecosystem', () => {
    const curl = libraryOf({ OriginalFilename: 'libcurl.dll', ProductVersion: '8.1.2' }, false);
    expect(names({ '/app/c.dll': curl })).toEqual(['generic libcurl 8.1.2']);
    const odd = libraryOf({ OriginalFilename: '\u202Ebad<>', ProductVersion: '8.1.2' }, false);
    expect(names({ '/app/c.dll': odd })).toEqual(['generic c 8.1.2']);
  });

  it.each([
    ['a part of Windows', '/Windows/x.dll', { ProductName: 'Microsoft® Windows® Operating System' }],
    ['a part of .NET Framework', '/x.dll', { ProductName: 'Microsoft® .NET Framework' }],
    ['a translation', '/app/de/x.resources.dll', {}],
    ['there to compile against', '/dotnet/packs/Microsoft.NETCore.App.Ref/8.0.0/ref/net8.0/x.dll', {}],
  ])('is no package when it is %s', (_title, path, texts) => {
    expect(names({ [path]: libraryOf({ ...texts, ProductVersion: '4.8.1' }, true) })).toEqual([]);
  });

  it('that is cut or changed anywhere ends nothing', () => {
    const texts = { ProductVersion: '1.2.3', InternalName: 'x' };
    const whole = libraryOf(texts, true);
    for (let at = 128; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed.fill(0xff, at, at + 2);
      for (const bytes of [changed, whole.subarray(0, at)]) {
        const { packages, problems } = catalogOf({ '/app/x.dll': bytes });
        expect(packages.length).toBeLessThanOrEqual(1);
        expect(problems.filter(({ code }) => code === 'detector-failed')).toEqual([]);
      }
    }
  });
});

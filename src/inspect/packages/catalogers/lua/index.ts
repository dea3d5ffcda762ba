import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** A rockspec is a program in Lua that sets these two; it is read as text and never run. */
const readRockspec: NameReader = function* readRockspec(text, { entry }) {
  const valueOf = (name: string): string | undefined => {
    const pattern =
      name === 'package'
        ? /^\s*package\s*=\s*(["'])(?<value>[^"'\n]+)\1/m
        : /^\s*version\s*=\s*(["'])(?<value>[^"'\n]+)\1/m;
    return pattern.exec(text)?.groups?.['value'];
  };
  const name = valueOf('package');
  const version = valueOf('version');
  if (name === undefined || version === undefined) return;
  yield { name, version, isProject: /\/rocks(?:-[\d.]+)?\//.test(entry.path) ? undefined : true };
};

export const cataloger = defineCataloger({
  id: 'lua',
  title: 'Lua rocks',
  description:
    'Rocks that LuaRocks installed, by `rocks*/NAME/VERSION/*.rockspec`. A rockspec elsewhere describes a project.',
  references: ['https://github.com/luarocks/luarocks/blob/main/docs/rockspec_format.md'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('.rockspec'),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'lua', type: 'luarocks', entries, tree, readerOf: () => readRockspec }),
});

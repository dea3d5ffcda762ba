import { nameOf, parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** `{application, name, [… {vsn, "1.2.3"} …]}.`: a term of Erlang that is read as text. */
const readApplication: NameReader = function* readApplication(text) {
  const name = /\{\s*application\s*,\s*'?(?<name>[\w@]+)'?\s*,/.exec(text)?.groups?.['name'];
  const version = /\{\s*vsn\s*,\s*"(?<version>[^"\n]{1,100})"\s*\}/.exec(text)?.groups?.['version'];
  if (name !== undefined && version !== undefined) yield { name, version };
};

export const cataloger = defineCataloger({
  id: 'otp',
  title: 'Erlang applications',
  description: 'Applications of Erlang/OTP and Elixir that are built: `ebin/NAME.app`.',
  references: ['https://www.erlang.org/doc/apps/kernel/app.html'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('.app') && nameOf(parentOf(path)) === 'ebin',
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'otp', type: 'otp', entries, tree, readerOf: () => readApplication }),
});

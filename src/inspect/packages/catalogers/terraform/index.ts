import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** Blocks `provider "HOST/NAMESPACE/NAME" { version = "1.2.3" … }`, as `terraform init` writes them. */
const readLock: NameReader = function* readLock(text) {
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const opened = /^provider "(?:[^"/]+\/)?(?<name>[^"/]+\/[^"/]+)" \{/.exec(line)?.groups?.['name'];
    const version = /^\s+version\s*=\s*"(?<version>[^"]+)"/.exec(line)?.groups?.['version'];
    if (opened !== undefined) name = opened;
    else if (line.startsWith('}')) name = undefined;
    else if (name !== undefined && version !== undefined) yield { name, version };
  }
};

export const cataloger = defineCataloger({
  id: 'terraform',
  title: 'Providers of Terraform',
  description: '`.terraform.lock.hcl` of Terraform and OpenTofu.',
  references: ['https://developer.hashicorp.com/terraform/language/files/dependency-lock'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/.terraform.lock.hcl'),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'terraform', type: 'terraform', entries, tree, readerOf: () => readLock }),
});

import { Argument, type Command as Commander } from 'commander';
import type { GlobalOptions } from '../../context.ts';
import type { Subcommand } from '../../command.ts';
import { policyExports, type PolicyExport } from '../../../inspect/image/policy/formats.ts';
import type { AddOptions } from './add-to-index.ts';
import type { JudgeOptions } from './judge-index.ts';
import { addRegistryOptions, collect } from './image-options.ts';

const examples = `Examples:
  vakthund image index add registry:registry.example    all images of a registry
  vakthund image index add docker-store:                all images and containers of the engine here, from its folder
  vakthund image index add docker-daemon:               the same, from its socket
  vakthund image index add archives/ compose.yaml       archives of a folder, and what uses images
  vakthund image index list                             images with age, base, packages and uses
  vakthund image index find log4j-core@2.14.1           which images have it, and where they run
  vakthund image index scan                             vulnerabilities of all of them, by the advisories of today
  vakthund image index judge --policy policy.yaml       what may run, and what may not and why
  vakthund image index export kubernetes --policy policy.yaml
`;

/** The index is kept in the folder of the case: `--case` chooses another. */
export const index: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('index')
      .summary("the organisation's images: what they are, what is in them, who uses them")
      .addHelpText('before', examples);
    const caseOf = (): string => command.optsWithGlobals<GlobalOptions>().case;
    const add = command
      .command('add')
      .summary('read images, and manifests that name images, into the index')
      .argument(
        '<source...>',
        'registry:HOST[/PREFIX], docker-store:[FOLDER], docker-daemon:[SOCKET] and the like, archive, OCI layout, folder of these, manifest, or image',
      )
      .option('--fetch', 'also read the images that manifests name, from their registries')
      .option('--refresh', 'read images anew that the index has already')
      .option('--policy <file>', 'also judge signatures, by what this policy trusts')
      .option('--platform <platform>', 'of images for several, such as linux/arm64; this machine when left out');
    addRegistryOptions(add).action((sources: string[], options: AddOptions) =>
      run(async (terminal) => (await import('./add-to-index.ts')).addToIndex(sources, caseOf(), options, terminal)),
    );
    command
      .command('list')
      .summary('print the images of the index, and what is used and not in it')
      .action(() => run(async (terminal) => (await import('./print-index.ts')).printIndex(caseOf(), terminal)));
    command
      .command('find')
      .summary('print the images that hold a package')
      .argument('<package>', 'NAME, NAME@VERSION, "NAME<VERSION" (<=, >, >=), or a purl')
      .action((query: string) =>
        run(async (terminal) => (await import('./print-found.ts')).printFound(query, caseOf(), terminal)),
      );
    addBookOptions(
      command.command('scan').summary('print the vulnerabilities of all images, the ones that are used first'),
    ).action((options: JudgeOptions) =>
      run(async (terminal) => (await import('./scan-index.ts')).scanIndex(caseOf(), options, terminal)),
    );
    addBookOptions(
      command.command('judge').summary('hold all images against a policy; exit code 1 when one is refused'),
    )
      .requiredOption('--policy <file>', 'what may run; see docs/guide/image-policy.md')
      .action((options: JudgeOptions & { readonly policy: string }) =>
        run(async (terminal) => (await import('./judge-index.ts')).judgeIndex(caseOf(), options, terminal)),
      );
    addBookOptions(command.command('export').summary('write a policy in the words of who starts containers'))
      .addArgument(new Argument('<format>').choices(Object.keys(policyExports)))
      .requiredOption('--policy <file>', 'what may run; see docs/guide/image-policy.md')
      .action((format: PolicyExport, options: JudgeOptions & { readonly policy: string }) =>
        run(async (terminal) => (await import('./judge-index.ts')).writePolicy(format, caseOf(), options, terminal)),
      );
  },
};

function addBookOptions(command: Commander): Commander {
  return command
    .option('--advisories <path...>', 'files and folders of advisories instead of the store', collect, [])
    .option('--store <folder>', 'folder of the advisory store; see `vakthund feeds status`');
}

import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { readEnvironment, type HostProcess } from '../../proc/process.ts';
import { processItem } from '../../process-item.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

const variables = ['LD_PRELOAD', 'LD_AUDIT', 'GCONV_PATH'];

export const technique = defineTechnique({
  id: 'injected-library',
  title: 'Libraries put into processes',
  description:
    'Processes that were started with LD_PRELOAD or LD_AUDIT, and ones that run code from a library in a temporary, hidden or deleted place.',
  places: ['/proc/*/environ', '/proc/*/maps'],
  attack: ['T1574.006', 'T1055'],
  guide: ['B03', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1574/006/', 'https://attack.mitre.org/techniques/T1055/'],
  needs: 'live',
  *find(context) {
    const { live } = context;
    for (const process of live?.processes() ?? []) {
      if (process.isKernelThread || live === undefined) continue;
      const environment = readEnvironment(live.proc, process.pid);
      for (const name of variables) {
        const value = environment.get(name);
        if (value === undefined || value.trim() === '') continue;
        yield processItem(process, context, {
          title: 'process with a preloaded library',
          rule: 'preload',
          signs: preloadSigns(name, value, process, context),
        });
      }
      const signs = mappedSigns(process, context);
      if (signs.length > 0) {
        yield processItem(process, context, { title: 'process with a foreign library', rule: 'mapped', signs });
      }
    }
  },
});

function preloadSigns(name: string, value: string, process: HostProcess, { ownership, live }: HostContext): Sign[] {
  const paths = value.split(/[:\s]+/).filter((path) => path !== '');
  const isElsewhere = live?.isElsewhere(process) === true;
  const isKnown = paths.every((path) => !path.startsWith('/') || ownership.standing(path).kind === 'packaged');
  const signs: Sign[] = [
    { what: 'was started with', value: `${name}=${value.slice(0, 200)}`, weight: isKnown || isElsewhere ? 0.1 : 0.45 },
  ];
  for (const path of paths) {
    if (isTemporary(path)) signs.push({ what: 'loads from where anybody may write', value: path, weight: 0.5 });
    if (isHidden(path)) signs.push({ what: 'loads what is hidden', value: path, weight: 0.45 });
    if (!isElsewhere && path.startsWith('/') && ownership.standing(path).kind === 'unowned') {
      signs.push({ what: 'loads what belongs to no package', value: path, weight: 0.2 });
    }
  }
  return signs;
}

/** Only code that is mapped to run and stands under another name than the program itself. */
function mappedSigns({ pid, executable = '' }: HostProcess, { live }: HostContext): Sign[] {
  const signs = new Map<string, Sign>();
  if (live === undefined) return [];
  for (const { permissions, path } of live.mappings(pid)) {
    if (!permissions.includes('x') || !path.startsWith('/')) continue;
    const file = path.replace(/ \(deleted\)$/, '');
    if (file === executable || file.startsWith('/memfd:') || file.startsWith('/dev/zero') || file.startsWith('/SYSV')) {
      continue;
    }
    if (isTemporary(file)) {
      const weight = path === file ? 0.4 : 0.5;
      signs.set(`place ${file}`, { what: 'runs code from where anybody may write', value: path, weight });
    }
    if (isHidden(file)) signs.set(`name ${file}`, { what: 'runs code that is hidden', value: path, weight: 0.3 });
  }
  return [...signs.values()].slice(0, 8);
}

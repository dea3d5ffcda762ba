import type { Sign } from './sign.ts';

/** Hidden names that are at home in a home. */
const usualAtHome = new Set([
  '.config', '.local', '.cache', '.ssh', '.npm', '.nvm', '.cargo', '.rustup', '.pyenv', '.rbenv', '.gnupg', '.vscode',
  '.vscode-server', '.docker', '.kube', '.bun', '.deno', '.asdf', '.sdkman', '.gem', '.m2', '.gradle', '.dotnet', '.bashrc',
  '.profile', '.yarn', '.pnpm', '.linuxbrew', '.nix-profile', '.pm2', '.oh-my-zsh', '.terraform.d', '.ansible', '.poetry', '.pipx',
  '.conda',
]); // prettier-ignore
/** Hidden names that tools leave wherever they work. */
const usualAnywhere = new Set([
  '.git', '.github', '.build-id', '.placeholder', '.bin', '.venv', '.store', '.pnpm', '.libs', '.debug', '.well-known', '.npm-global',
]); // prettier-ignore
const homes = /^\/(?:home\/[^/]+|root|var\/lib\/[^/]+)\//;

const writableByAll = /^\/(?:tmp|var\/tmp|dev\/shm|run\/shm|var\/lock|run\/lock|var\/crash|dev\/mqueue)(?:\/|$)/;

/** Whether anybody may put a file there. */
export function isTemporary(path: string): boolean {
  return writableByAll.test(path);
}

/** Whether a part of the path is hidden by its name: a leading dot that is not usual there, only dots or blanks, or blanks at an end. */
export function isHidden(path: string): boolean {
  const isHome = homes.test(path);
  return path.split('/').some((part) => {
    if (part === '' || part === '.' || part === '..') return false;
    if (part.trim() !== part) return true;
    return part.startsWith('.') && !usualAnywhere.has(part) && !(isHome && usualAtHome.has(part));
  });
}

/** What the place of a program says about it. `verb` introduces it: `runs what`, or nothing when the item is the program itself. */
export function pathSigns(path: string, verb: 'runs what ' | 'is a link to what ' | '' = 'runs what '): Sign[] {
  const signs: Sign[] = [];
  if (isTemporary(path)) signs.push({ what: `${verb}stands where anybody may write`, value: path, weight: 0.5 });
  else if (path.startsWith('/dev/') && !usualDevices.test(path)) {
    signs.push({ what: `${verb}stands among devices`, value: path, weight: 0.6 });
  } else if (/^\/(?:home\/[^/]+|root)\//.test(path)) {
    signs.push({ what: `${verb}stands in a home`, value: path, weight: 0.15 });
  }
  if (isHidden(path)) signs.push({ what: `${verb}is hidden`, value: path, weight: 0.45 });
  return signs;
}

/** Devices that commands name, and the made-up paths of bash, which have a sign of their own. */
const usualDevices =
  /^\/dev\/(?:null|zero|tty\S*|pts\/\d+|console|std(?:in|out|err)|fd\/\d+|log|u?random|full|kmsg|(?:tcp|udp)\/.*)$/;

/** Where whoever runs the machine puts programs: that one is there says nothing, but which of many machines has it. */
const localFolder =
  /^(?:\/usr\/local\/(?:s?bin|libexec|games)|\/opt(?:\/[^/]+){0,3}|\/(?:root|home\/[^/]+)\/(?:\.local\/)?bin)$/;

/** Whether an executable of this path is one that people, not packages, put there. */
export function isLocalProgram(path: string): boolean {
  return localFolder.test(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}

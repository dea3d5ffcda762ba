import { nameOf } from '../../../tree/tree.ts';
import { isExecutable, readLines } from '../../locations.ts';
import { strongSigns } from '../../setting-commands.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Longer settings are lists or data. */
const maxBytes = 2 ** 18;
const maxFiles = 20_000;

const homeSetting = /^\/(?:root|home\/[^/]+)\/\.[^/]+(?:\/[^/]+){0,5}$/;
/** Settings of a checkout that tools read by themselves. */
const projectSetting = /\/(?:\.envrc|\.vscode\/(?:tasks|settings)\.json|\.hg\/hgrc|\.mvn\/(?:jvm|maven)\.config)$/;
/** What programs keep in a home that no one runs: what was typed, fetched or copied, and how people set up a machine of their own. */
const kept =
  /(?:history|\.log|\.md|\.rst|\.html?|\.lock|\.bak|\.orig|\.map|\.min\.js|\.zcompdump[^/]*|\.viminfo|\.lesshst)$|\/\.(?:cache|npm|cargo\/registry|rustup|gradle\/(?:caches|wrapper)|m2\/repository|git|mozilla|thunderbird|vscode(?:-server)?\/(?:extensions|bin|cli|data)|local\/share\/(?:Trash|containers|gnome-shell|zsh)|config\/(?:google-chrome|chromium|Code\/(?:Cache|User\/History|User\/workspaceStorage|logs)|[^/]*\/Cache)|nvm|pyenv|rbenv|sdkman|asdf|oh-my-zsh|fzf|bun|deno|linuxbrew|nix-profile|pnpm-store|yarn|ansible\/collections|terraform\.d|wine|steam|bash_sessions|zsh_sessions)(?:\/|$)|history|\/[^/]*dotfiles[^/]*\/|\/(?:install|setup|bootstrap)[^/]*$/i;
/** What version control keeps: packed files, and settings that their own technique reads. `etckeeper` puts one into /etc. */
const repository = /\/\.(?:git|svn|bzr|hg\/store)\//;
/** Settings in homes whose commands a tool is known to run. */
const known = [
  /^\/(?:root|home\/[^/]+)\/\.(?:hgrc|lesskey|mavenrc|antrc|muttrc|mutt\/[^/]+|mailcap|my\.cnf|mongo(?:sh)?rc\.js|octaverc|ghci|sbclrc|wezterm\.lua|netrc|ocamlinit|tclshrc|wishrc|erlang|iex\.exs|devscripts|quiltrc|pbuilderrc|rpmmacros|w3m\/config|newsboat\/config|lynxrc|ansible\.cfg|guile|racketrc|luarc|kermrc|mailrc|ncmpcpp\/config)$/,
  /^\/(?:root|home\/[^/]+)\/\.(?:fvwm2?\/config|icewm\/startup|fluxbox\/(?:startup|keys|init)|i3\/config|xmonad\/xmonad\.hs|byobu\/[^/]+|zsh\/.+|kde4?\/(?:Autostart|env)\/[^/]+|irssi\/scripts\/autorun\/[^/]+|weechat\/\w+\/autoload\/[^/]+|gradle\/(?:init\.gradle|init\.d\/[^/]+)|emacs\.d\/.+\.el|vim\/.+|ipython\/.+\.py|jupyter\/.+\.py|cargo\/config(?:\.toml)?|aws\/config|kube\/config|docker\/config\.json|julia\/config\/startup\.jl)$/,
  /^\/(?:root|home\/[^/]+)\/\.config\/(?:direnv\/.+|nushell\/.+|lesskey|kitty\/.+|alacritty\/.+|awesome\/.+|qtile\/.+|bspwm\/.+|sxhkd\/.+|mpv\/scripts\/.+|ranger\/.+|mc\/.+|irb\/irbrc|helix\/.+|nvim\/.+|Thunar\/uca\.xml|Code\/User\/(?:settings|tasks|keybindings)\.json|git\/hooks\/.+|systemd\/user\.control\/.+|rofi\/.+|dunst\/.+|polybar\/.+|waybar\/.+|foot\/.+|zed\/.+)$/,
  /^\/(?:root|home\/[^/]+)\/\.local\/share\/(?:nautilus\/scripts\/.+|nemo\/(?:scripts|actions)\/.+|applications\/[^/]+\.desktop|nvim\/site\/.+|kservices5\/.+|systemd\/.+|dbus-1\/.+)$/,
]; // prettier-ignore
/** Starters of everybody's programs that stand before the packaged ones. */
const starter = /^\/usr\/local\/share\/(?:applications|xsessions|wayland-sessions|dbus-1\/[^/]+)\/[^/]+$/;
/** Folders of languages below /usr: their files are programs, and other techniques look at them. */
const codeFolder =
  /\/(?:node_modules|site-packages|dist-packages|python[\d.]*|perl5?|ruby|gems|go|rustlib|ocaml|ghc[^/]*|R|tcltk|jvm|src|doc|examples?|tests?)\//;
/** A file that is known only by its place counts less in a home, where people keep what they try. */
const homeShare = 0.85;

export const technique = defineTechnique({
  id: 'settings-text',
  title: 'Attack commands in settings of whatever program',
  description:
    'Text below /etc, hidden settings in homes and scripts below /usr that no package accounts for, and that hold what hardly any honest one does: a shell over a connection, a download piped into an interpreter, a packed command. For programs that no other technique knows; told only where none tells the same file at least as strongly. Remarks do not count.',
  places: ['/etc/**', '~/.*', '~/.config/**', 'scripts below /usr/lib, /usr/libexec and /usr/share'],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/'],
  isFallback: true,
  wants: ({ path, type, size, mode }) => {
    if (type !== 'file' || size < 8 || size > maxBytes || repository.test(path)) return false;
    if (path.startsWith('/etc/') || starter.test(path)) return true;
    if (/^\/usr\/(?:lib|lib64|libexec|share)\//.test(path)) return (mode & 0o111) !== 0 && !codeFolder.test(path);
    return projectSetting.test(path) || (homeSetting.test(path) && !kept.test(path));
  },
  *find(context, wanted) {
    const { tree, ownership, accounts } = context;
    let count = 0;
    for (const { path } of wanted) {
      if (ownership.standing(path).kind === 'packaged') continue;
      if (++count > maxFiles) {
        context.notChecked('the text of settings', `there are more than ${maxFiles} of no package`);
        return;
      }
      const owner = accounts.atHome(path);
      const share = isRead(path) ? 1 : homeShare;
      const signs: Sign[] = strongSigns(readLines(tree, path)).map((sign) => ({
        ...sign,
        weight: sign.weight * share,
      }));
      if (signs.length === 0) continue;
      const title = isExecutable(tree, path) ? 'script' : `settings in ${nameOf(path)}`;
      yield { path, title, user: owner?.name ?? 'root', unowned: 0, changed: 0, signs };
    }
  },
});

/** Whether something is known to read it, or it stands where administrators put settings. */
function isRead(path: string): boolean {
  return /^\/(?:etc|usr)\//.test(path) || projectSetting.test(path) || known.some((pattern) => pattern.test(path));
}

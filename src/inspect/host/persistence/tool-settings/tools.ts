/** A tool that reads settings by itself which may hold commands. */
export interface Tool {
  readonly name: string;
  /** Below each home. */
  readonly files: readonly string[];
  readonly folders?: readonly string[];
  /** For everybody. */
  readonly system?: readonly string[];
  readonly systemFolders?: readonly string[];
  /** A line's or a call's command, in its group `command`; flags g and m. */
  readonly pattern: RegExp;
  /** How odd it is that it starts something. */
  readonly weight: number;
}

/** Calls of Python, Lua and the like with a text. */
const scriptCalls =
  /\b(?:system|popen|execute|shell_exec|spawn|call|run|check_output|Popen)\s{0,4}\(\s{0,4}\[?\s{0,4}(?:"(?<double>[^"\n]{1,2000})"|'(?<single>[^'\n]{1,2000})')/g;

export const tools: readonly Tool[] = [
  {
    name: 'vim',
    files: ['.vimrc', '.exrc', '.gvimrc', '.vim/vimrc', '.config/nvim/init.vim'],
    folders: ['.vim/plugin', '.vim/autoload', '.vim/ftdetect', '.vim/after/plugin', '.config/nvim/plugin'],
    system: ['/etc/vim/vimrc', '/etc/vim/vimrc.local', '/etc/vimrc', '/etc/xdg/nvim/sysinit.vim'],
    systemFolders: ['/usr/share/vim/vimfiles/plugin', '/etc/vim/plugin'],
    pattern:
      /^(?!\s{0,40}")[^\n]{0,400}?(?:\bsilent!?\s{1,4}!|^\s{0,40}:?!|\b(?:call\s{1,4}|=\s{0,4}|eval\s{1,4})(?:system|job_start|termopen|jobstart)\s{0,4}\(\s{0,4}["']|\bos\.(?:system|popen)\s{0,4}\(\s{0,4}["'])(?<command>[^\n]{1,2000})/gm,
    weight: 0.2,
  },
  { name: 'neovim', files: ['.config/nvim/init.lua'], folders: ['.config/nvim/lua'], pattern: scriptCalls, weight: 0.2 },
  {
    name: 'emacs',
    files: ['.emacs', '.emacs.d/init.el', '.emacs.d/early-init.el', '.config/emacs/init.el'],
    system: ['/etc/emacs/site-start.el', '/usr/share/emacs/site-lisp/site-start.el'],
    systemFolders: ['/etc/emacs/site-start.d'],
    pattern:
      /\(start-process(?:-shell-command)?\s{1,4}"[^"\n]{0,200}"\s{1,4}\S{1,200}\s{1,4}"(?<double>[^"\n]{1,2000})"|\((?:call-process(?:-shell-command)?|async-shell-command|shell-command(?:-to-string)?)\s{1,4}"(?<single>[^"\n]{1,2000})"/g,
    weight: 0.15,
  },
  { name: 'less', files: ['.lessfilter'], pattern: /^(?!#)(?<command>[^\n]{1,2000})/gm, weight: 0.05 },
  {
    name: 'tmux',
    files: ['.tmux.conf', '.config/tmux/tmux.conf'],
    system: ['/etc/tmux.conf'],
    pattern:
      /^[^#\n]{0,200}\b(?:run-shell|run|if-shell|pipe-pane|default-command)\s{1,4}(?:-\w+\s{1,4})*["']?(?<command>[^\n"']{1,2000})/gm,
    weight: 0.1,
  },
  {
    name: 'screen',
    files: ['.screenrc'],
    system: ['/etc/screenrc'],
    pattern: /^\s{0,40}(?:screen|exec|backtick\s{1,4}\d{1,9}\s{1,4}\d{1,9}\s{1,4}\d{1,9})\s{1,4}(?:-\w\s{1,4}\S{1,40}\s{1,4}|\d{1,4}\s{1,4})*(?<command>[^\n]{1,2000})/gm,
    weight: 0.1,
  },
  {
    name: 'gdb',
    files: ['.gdbinit', '.config/gdb/gdbinit', '.lldbinit'],
    system: ['/etc/gdb/gdbinit'],
    systemFolders: ['/etc/gdb/gdbinit.d'],
    pattern:
      /^\s{0,40}(?:shell|!|source|platform shell|python\s{1,4}[^\n]{0,200}(?:system|popen|run)\s{0,4}\(["'])\s{0,4}(?<command>[^\n]{1,2000})/gm,
    weight: 0.2,
  },
  {
    name: 'psql',
    files: ['.psqlrc', '.sqliterc', '.mylogin.cnf.sql'],
    system: ['/etc/postgresql-common/psqlrc'],
    pattern: /^\s{0,40}(?:\\!|\.shell|\.system)\s{0,4}(?<command>[^\n]{1,2000})/gm,
    weight: 0.3,
  },
  {
    name: 'readline',
    files: ['.inputrc'],
    system: ['/etc/inputrc'],
    // A key that types a command and its line feed.
    pattern: /^\s{0,40}"[^"\n]{1,40}"\s{0,4}:\s{0,4}"(?<command>[^\n]{1,2000}(?:\\n|\\C-m|\\r))"/gim,
    weight: 0.2,
  },
  {
    name: 'Python',
    files: ['.pythonrc', '.pythonrc.py', '.pdbrc', '.pdbrc.py'],
    folders: ['.ipython/profile_default/startup', '.jupyter', '.config/matplotlib'],
    systemFolders: ['/etc/ipython/startup'],
    pattern: scriptCalls,
    weight: 0.2,
  },
  {
    name: 'Ruby, R and Perl',
    files: ['.irbrc', '.pryrc', '.Rprofile', '.perldb', '.gemrc'],
    system: ['/etc/R/Rprofile.site', '/etc/irbrc', '/etc/gemrc'],
    pattern: scriptCalls,
    weight: 0.2,
  },
]; // prettier-ignore

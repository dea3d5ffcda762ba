import { smallDebian } from '../../support/inspect-files.ts';
import { program, script, type Honest } from '../row.ts';

const unit = (text: string): string => `[Unit]\nDescription=x\n${text}\n[Install]\nWantedBy=multi-user.target\n`;
const key = `ssh-ed25519 ${'B'.repeat(68)} ops@example.org`;
const group = (line: string): Record<string, string> => ({ '/etc/group': `${smallDebian['/etc/group']}${line}\n` });

/** What administrators do every day: the twins of what is planted. Nothing of it may be told above low. */
export const administration: readonly Honest[] = [
  ['a backup by cron', { '/etc/cron.d/backup': 'MAILTO=ops@example.org\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\n30 2 * * * root /usr/local/sbin/backup.sh >/var/log/backup.log 2>&1\n', '/usr/local/sbin/backup.sh': script('set -e\nD=/srv/backup\npg_dump app | gzip > $D/app-$(date +%F).sql.gz\nrsync -a /etc $D/etc\nfind $D -mtime +14 -delete') }],
  ['a crontab of root that renews', { '/var/spool/cron/crontabs/root': '# m h dom mon dow command\nSHELL=/bin/bash\n0 3 * * * /usr/bin/certbot renew --quiet --deploy-hook "systemctl reload nginx"\n*/5 * * * * /usr/local/bin/check-disk >/dev/null 2>&1\n' }],
  ['a heartbeat', { '/etc/cron.d/heartbeat': '*/5 * * * * root curl -fsS -m 10 --retry 3 -o /dev/null https://hc.example.org/ping/3f2a\n' }],
  ['a daily script of one\'s own', { '/etc/cron.daily/local-report': script('LC_ALL=C df -h | mail -s "disk $(hostname)" root') }],
  ['a job of anacron', { '/etc/anacrontab': 'SHELL=/bin/sh\nHOME=/root\n1 5 cron.daily run-parts --report /etc/cron.daily\n' }],
  ['a watch on uploads', { '/etc/incron.d/uploads': '/srv/uploads IN_CLOSE_WRITE /usr/bin/logger $@/$#\n' }],
  ['a service of a company', { '/etc/systemd/system/orders.service': unit('[Service]\nUser=dev\nEnvironment=NODE_ENV=production PYTHONPATH=/opt/orders/lib\nEnvironmentFile=-/etc/orders.env\nExecStart=/opt/orders/bin/orders --port 8080\nRestart=always'), '/etc/systemd/system/multi-user.target.wants/orders.service': { target: '/etc/systemd/system/orders.service' }, '/opt/orders/bin/orders': program() }],
  ['a timer of one\'s own', { '/etc/systemd/system/prune.timer': '[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n', '/etc/systemd/system/prune.service': unit('[Service]\nType=oneshot\nExecStart=/usr/bin/docker system prune -f') }],
  ['a drop-in with limits', { '/etc/systemd/system/nginx.service.d/override.conf': '[Service]\nLimitNOFILE=65536\nRestart=always\n' }],
  ['a drop-in that tells of failures', { '/etc/systemd/system/service.d/notify.conf': '[Unit]\nOnFailure=notify@%n.service\n', '/etc/systemd/system/notify@.service': unit('[Service]\nType=oneshot\nExecStart=/usr/local/bin/notify %i'), '/usr/local/bin/notify': script('echo "$1 failed on $(hostname)" | mail -s failed root') }],
  ['a socket of a service', { '/etc/systemd/system/app.socket': '[Socket]\nListenStream=/run/app.sock\n[Install]\nWantedBy=sockets.target\n', '/etc/systemd/system/app.service': unit('[Service]\nExecStart=/opt/app/bin/app') }],
  ['a unit of a person', { '/home/dev/.config/systemd/user/syncthing.service': unit('[Service]\nExecStart=/usr/bin/syncthing serve --no-browser') , '/var/lib/systemd/linger/dev': '' }],
  ['settings of start scripts', { '/etc/default/grub': 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet splash"\nGRUB_CMDLINE_LINUX=""\n', '/etc/default/app': 'JAVA_OPTS="-Xmx2g"\nRUN_AS=dev\n[ -f /etc/default/app.local ] && . /etc/default/app.local\n', '/etc/conf.d/hostname': 'hostname="box"\n' }],
  ['the terminals of Alpine', { '/etc/inittab': '::sysinit:/sbin/openrc sysinit\ntty1::respawn:/sbin/getty 38400 tty1\n::ctrlaltdel:/sbin/reboot\n' }],

  ['start files of a developer', { '/home/dev/.bashrc': 'case $- in *i*) ;; *) return;; esac\nHISTCONTROL=ignoreboth\nHISTSIZE=100000\nshopt -s histappend\nexport EDITOR=vim PAGER=less\nexport PATH="$HOME/.local/bin:$HOME/go/bin:$PATH"\nalias ll="ls -alF" gs="git status" k=kubectl\n[ -f ~/.bash_aliases ] && . ~/.bash_aliases\neval "$(direnv hook bash)"\nexport NVM_DIR="$HOME/.nvm"\n[ -s "$NVM_DIR/nvm.sh" ] && . "$NVM_DIR/nvm.sh"\nPROMPT_COMMAND="history -a; $PROMPT_COMMAND"\nexport LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH\n' }],
  ['start files of zsh', { '/home/dev/.zshrc': 'export ZSH="$HOME/.oh-my-zsh"\nZSH_THEME="robbyrussell"\nplugins=(git docker)\nsource $ZSH/oh-my-zsh.sh\neval "$(starship init zsh)"\nHISTFILE=~/.zsh_history\nSAVEHIST=10000\n' }],
  ['a profile of a company', { '/etc/profile.d/company.sh': 'export http_proxy=http://proxy.example.org:3128\nexport JAVA_HOME=/usr/lib/jvm/default-java\nPATH=$PATH:/opt/company/bin\nTMOUT=900\nreadonly TMOUT\n' }],
  ['completion of a vendor', { '/etc/bash_completion.d/kubectl': '_kubectl() { local cur; cur=${COMP_WORDS[COMP_CWORD]}; COMPREPLY=($(kubectl __complete "${COMP_WORDS[@]:1}" 2>/dev/null)); }\ncomplete -F _kubectl kubectl k\n' }],
  ['settings of vim', { '/home/dev/.vimrc': 'set nocompatible number\nsyntax on\n" :!make runs it\nnnoremap <leader>r :!make test<CR>\nautocmd BufWritePre *.go :silent! lua vim.lsp.buf.format()\ncall plug#begin()\nPlug \'tpope/vim-fugitive\'\ncall plug#end()\n' }],
  ['settings of tmux', { '/home/dev/.tmux.conf': "set -g mouse on\nbind r source-file ~/.tmux.conf\nset -g @plugin 'tmux-plugins/tpm'\nrun '~/.tmux/plugins/tpm/tpm'\n" }],
  ['settings of emacs', { '/home/dev/.emacs': "(require 'package)\n(setq inhibit-startup-screen t)\n(global-set-key (kbd \"C-c m\") (lambda () (interactive) (shell-command \"make\")))\n" }],
  ['keys of readline', { '/home/dev/.inputrc': '"\\e[A": history-search-backward\nset completion-ignore-case on\n' }],
  ['a desktop entry', { '/home/dev/.config/autostart/slack.desktop': '[Desktop Entry]\nType=Application\nName=Slack\nExec=/usr/bin/slack -u %U\n' }],
  ['a window manager', { '/home/dev/.config/i3/config': 'set $mod Mod4\nexec --no-startup-id nm-applet\nexec_always feh --bg-scale /home/dev/bg.png\n' }],
  ['settings of the SSH client', { '/home/dev/.ssh/config': 'Host *.internal\n  ProxyJump bastion\nHost old\n  ProxyCommand ssh -W %h:%p bastion\nHost i-*\n  ProxyCommand sh -c "aws ssm start-session --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p"\n' }],
  ['a message of a company', { '/etc/motd': 'Authorised use only\n' }],

  ['keys of people', { '/root/.ssh/authorized_keys': `${key}\n`, '/home/dev/.ssh/authorized_keys': `from="10.0.0.0/8" ssh-rsa ${'C'.repeat(372)} dev@laptop\n` }],
  ['a key for backups', { '/home/dev/.ssh/authorized_keys': `command="borg serve --append-only --restrict-to-path /srv/borg",restrict ${key}\n` }],
  ['a hardened SSH server', { '/etc/ssh/sshd_config.d/10-hardening.conf': 'PermitRootLogin prohibit-password\nPasswordAuthentication no\nX11Forwarding no\nAllowGroups ssh-users\nMatch Group sftponly\n  ForceCommand internal-sftp\n  ChrootDirectory /srv/sftp/%u\n' }],
  ['a second factor', { '/etc/pam.d/sshd': '@include common-auth\nauth required pam_google_authenticator.so nullok\naccount required pam_nologin.so\nsession required pam_env.so envfile=/etc/default/locale\n' }],
  ['no lock for a group', { '/etc/pam.d/su': 'auth sufficient pam_rootok.so\nauth required pam_wheel.so use_uid\n' }],
  ['a right of Ansible', { ...group('ansible:x:1001:'), '/etc/passwd': `${smallDebian['/etc/passwd']}ansible:x:1001:1001::/home/ansible:/bin/bash\n`, '/etc/sudoers.d/ansible': '# Ansible managed\nansible ALL=(ALL) NOPASSWD: /usr/bin/apt-get update, /usr/bin/systemctl restart nginx\n' }],
  ['rights with a password', { '/etc/sudoers.d/ops': 'User_Alias OPS = dev\nCmnd_Alias SERVICES = /usr/bin/systemctl restart orders, /usr/bin/systemctl reload nginx\nOPS ALL=(root) SERVICES\nDefaults:OPS timestamp_timeout=5\n' }],
  ['settings of sudo', { '/etc/sudoers.d/env': 'Defaults env_keep += "SSH_AUTH_SOCK http_proxy https_proxy"\nDefaults insults\n', '/etc/sudo.conf': 'Plugin sudoers_policy sudoers.so\nPlugin sudoers_io sudoers.so\nSet disable_coredump true\n' }],
  ['a rule of polkit for administrators', { '/etc/polkit-1/rules.d/50-libvirt.rules': 'polkit.addRule(function(action, subject) {\n  if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("libvirt")) {\n    return polkit.Result.YES;\n  }\n});\n' }],
  ['a rule of polkit for one action', { '/etc/polkit-1/rules.d/60-udisks.rules': 'polkit.addRule(function(action, subject) {\n  if (action.id.indexOf("org.freedesktop.udisks2.filesystem-mount") == 0 && subject.local && subject.active) return polkit.Result.YES;\n});\n' }],
  ['people in groups', { ...group('docker:x:998:dev') }],
]; // prettier-ignore

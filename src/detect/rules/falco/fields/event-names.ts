/**
 * Names that `evt.type` can have, with the number of event codes behind each where it is not two (enter and exit).
 * Facts taken from the event table of falcosecurity/libs 0.25 (`driver/event_table.c`, dual GPL-2.0-only OR MIT, used under MIT).
 */
export const eventNames = `
NA:35 accept:8 accept4 access asyncevent:1 bind bpf:4 brk:4 capset chdir chmod chown chroot clone:8 clone3
close close_range:1 connect container:3 copy_file_range cpu_hotplug:1 creat delete_module drop dup:4 dup2 dup3
epoll_create epoll_create1 epoll_wait eventfd eventfd2 execve:16 execveat fchdir fchmod fchmodat fchown
fchownat fcntl finit_module flock fork:6 fsconfig fstat fstat64 futex getcwd getdents getdents64 getegid
geteuid getgid getpeername getresgid getresuid getrlimit getsockname getsockopt getuid groupadded:1
groupdeleted:1 infra:1 init_module inotify_init inotify_init1 io_uring_enter io_uring_register io_uring_setup
ioctl:4 k8s:1 keyctl:1 kill lchown link:4 linkat:4 listen llseek lseek lstat lstat64 memfd_create mesos:1
mkdir:4 mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mount mprotect munlock munlockall munmap
nanosleep newfstatat notification:1 open open_by_handle_at openat:4 openat2 page_fault:1 pidfd_getfd
pidfd_open pipe pipe2 pluginevent:1 poll ppoll prctl pread preadv prlimit process_vm_readv process_vm_writev
procexit procinfo:1 ptrace pwrite pwritev quotactl read readv recv recvfrom recvmmsg recvmsg rename renameat
renameat2 rmdir:4 scapevent:1 seccomp select:4 semctl semget semop send sendfile sendmmsg sendmsg sendto
setgid setns setpgid setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown
signaldeliver:1 signalfd signalfd4 socket socketpair splice stat stat64 switch symlink symlinkat syscall
task:1 task_file_anon_inode:1 task_file_directory:1 task_file_memfd:1 task_file_pipe:1 task_file_regular:1
task_file_socket_inet:1 task_file_socket_inet6:1 task_file_socket_netlink:1 task_file_socket_unix:1 tgkill
timerfd_create tkill tracer:1 umount:4 umount2 unlink:4 unlinkat:4 unshare useradded:1 userdeleted:1
userfaultfd vfork:6 write writev
`;

/** System calls that have no event of their own and share the generic one. */
export const genericSyscalls = `
_llseek _newselect _sysctl acct add_key adjtimex alarm arch_prctl bdflush cachestat capget clock_adjtime
clock_getres clock_gettime clock_nanosleep clock_settime create_module epoll_ctl epoll_ctl_old epoll_pwait
epoll_pwait2 epoll_wait_old exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_init
fanotify_mark fchmodat2 fcntl64 fdatasync fgetxattr file_getattr file_setattr flistxattr fremovexattr
fsetxattr fsmount fsopen fspick fstatat64 fstatfs fstatfs64 fsync ftruncate futex_requeue futex_wait
futex_waitv futex_wake futimesat get_kernel_syms get_mempolicy get_robust_list get_thread_area getcpu
getegid32 geteuid32 getgid32 getgroups getitimer getpgid getpgrp getpid getpmsg getppid getpriority getrandom
getresgid32 getresuid32 getrusage getsid gettid gettimeofday getuid32 getxattr getxattrat idle
inotify_add_watch inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit ioperm
iopl ioprio_get ioprio_set ipc kcmp kexec_file_load kexec_load landlock_add_rule landlock_create_ruleset
landlock_restrict_self lgetxattr listmount listns listxattr listxattrat llistxattr lookup_dcookie lremovexattr
lsetxattr lsm_get_self_attr lsm_list_modules lsm_set_self_attr madvise map_shadow_stack mbind membarrier
memfd_secret migrate_pages mincore modify_ldt mount_setattr move_mount move_pages mq_getsetattr mq_notify
mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync multiplexer na_1
name_to_handle_at nfsservctl nice oldfstat oldlstat oldolduname oldstat olduname open_tree open_tree_attr
page_fault_kernel page_fault_user pause pciconfig_iobase pciconfig_read pciconfig_write perf_event_open
personality pidfd_send_signal pivot_root pkey_alloc pkey_free pkey_mprotect pread64 preadv2 prlimit64
process_madvise process_mrelease pselect6 pwrite64 pwritev2 query_module quotactl_fd readahead readdir
readlink readlinkat reboot remap_file_pages removexattr removexattrat request_key restart_syscall
riscv_flush_icache riscv_hwprobe rseq rseq_slice_yield rt_sigaction rt_sigpending rt_sigprocmask
rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo rtas s390_guarded_storage
s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr s390_sthyi sched_get_priority_max
sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_process_exit
sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_switch
sched_yield semtimedop sendfile64 set_mempolicy set_mempolicy_home_node set_robust_list set_thread_area
set_tid_address setdomainname setfsgid setfsuid setgid32 setgroups sethostname setitimer setpriority
setresgid32 setresuid32 settimeofday setuid32 setxattr setxattrat sgetmask shmat shmctl shmdt shmget sigaction
sigaltstack signal signal_deliver sigpending sigprocmask sigreturn sigsuspend socketcall spu_create spu_run
ssetmask statfs statfs64 statmount statx stime subpage_prot swapcontext swapoff swapon switch_endian sync
sync_file_range sync_file_range2 syncfs sys_debug_setcontext sysfs sysinfo syslog tee time timer_create
timer_delete timer_getoverrun timer_gettime timer_settime timerfd timerfd_gettime timerfd_settime times
truncate ugetrlimit umask uname uprobe uretprobe uselib ustat utime utimensat utimes vhangup vm86 vmsplice
wait4 waitid waitpid
`;

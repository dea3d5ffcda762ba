// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
// Tells of programs that start and of the system calls that a table asks for, with what their arguments point to.
// Self-contained: neither kernel headers nor those of libbpf are needed to build it, only clang.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

#define SEC(name) __attribute__((section(name), used))
#define RELOCATED __attribute__((preserve_access_index))

// Helpers by their numbers (include/uapi/linux/bpf.h).
static void *(*map_lookup)(void *map, const void *key) = (void *)1;
static long (*map_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*map_delete)(void *map, const void *key) = (void *)3;
static u64 (*monotonic_ns)(void) = (void *)5;
static u64 (*current_pid)(void) = (void *)14;
static u64 (*current_user)(void) = (void *)15;
static long (*current_name)(void *into, u32 size) = (void *)16;
static u64 (*current_task)(void) = (void *)35;
static long (*read_user)(void *into, u32 size, const void *from) = (void *)112;
static long (*read_kernel)(void *into, u32 size, const void *from) = (void *)113;
static long (*read_user_text)(void *into, u32 size, const void *from) = (void *)114;
static long (*read_kernel_text)(void *into, u32 size, const void *from) = (void *)115;
static void *(*ring_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*ring_submit)(void *record, u64 flags) = (void *)132;

// What is read of the kernel's structures; libbpf puts the places in by the BTF of the running kernel.
struct mm_struct {
  unsigned long arg_start, arg_end;
} RELOCATED;
struct thread_info {
  u32 status;
} RELOCATED;
struct address {
  u8 bytes[16];
} RELOCATED;
struct sock_common {
  u16 skc_family;
  u16 skc_dport;
  u32 skc_daddr;
  struct address skc_v6_daddr;
} RELOCATED;
struct sock {
  struct sock_common __sk_common;
  u16 sk_protocol;
} RELOCATED;
struct socket {
  struct sock *sk;
} RELOCATED;
struct inode {
  u16 i_mode;
} RELOCATED;
struct file {
  struct inode *f_inode;
  void *private_data;
} RELOCATED;
struct fdtable {
  unsigned int max_fds;
  struct file **fd;
} RELOCATED;
struct files_struct {
  struct fdtable *fdt;
} RELOCATED;
struct task_struct {
  struct thread_info thread_info;
  struct mm_struct *mm;
  struct task_struct *real_parent;
  struct files_struct *files;
  int tgid;
} RELOCATED;
struct linux_binprm {
  const char *filename;
} RELOCATED;

#define READ(into, object, member) read_kernel(&(into), sizeof(into), __builtin_preserve_access_index(&(object)->member))

#define TEXT_BYTES 256
#define MAX_CALLS 1024
#define ARGUMENTS 6

// A row of the table: which arguments point to something. Indices count from 1; 0 is none. Keep in step with `wanted-calls.ts`.
struct wanted {
  u8 is_wanted;
  u8 text1;
  u8 text2;
  // A structure of that many bytes, such as an address.
  u8 block;
  u8 block_bytes;
  // The call is left out when this argument has none of the bits. Of a block, its first eight bytes are meant.
  u8 bits_of;
  // Without one of the bits it is told all the same if the first text ends with the name of a secret.
  u8 or_secret;
  // A file descriptor: the call is told when it is a socket of IPv4 or IPv6 that becomes standard input, output or error. The block is its far end.
  u8 socket;
  u64 bits;
};

// A record. Keep in step with `record.ts`.
struct record {
  u64 time_ns;
  u32 pid, thread, parent, user;
  u32 call;
  u32 flags;
  s64 result;
  u64 arguments[ARGUMENTS];
  char name[16];
  u8 block[32];
  u32 text1_bytes, text2_bytes;
  char text1[TEXT_BYTES];
  char text2[TEXT_BYTES];
};

struct program_record {
  struct record common;
  u32 argument_bytes;
  u32 all_argument_bytes;
  char arguments[2048];
};

#define FLAG_PROGRAM 1
#define FLAG_COMPAT 2

struct {
  int (*type)[27];
  int (*max_entries)[8 * 1024 * 1024];
} ring SEC(".maps");

struct {
  int (*type)[2];
  int (*max_entries)[2 * MAX_CALLS];
  u32 *key;
  struct wanted *value;
} table SEC(".maps");

// Names of files whose readers are told, by their FNV-1a of 64 bits.
struct {
  int (*type)[1];
  int (*max_entries)[64];
  u64 *key;
  u8 *value;
} secrets SEC(".maps");

struct {
  int (*type)[2];
  int (*max_entries)[1];
  u32 *key;
  u64 *value;
} lost SEC(".maps");

struct {
  int (*type)[9];
  int (*max_entries)[16384];
  u64 *key;
  struct record *value;
} calls SEC(".maps");

struct {
  int (*type)[6];
  int (*max_entries)[1];
  u32 *key;
  struct record *value;
} scratch SEC(".maps");

static __attribute__((always_inline)) void count_lost(void) {
  u32 first = 0;
  u64 *count = map_lookup(&lost, &first);
  if (count) __sync_fetch_and_add(count, 1);
}

static __attribute__((always_inline)) void put_actor(struct record *into) {
  u64 pid = current_pid();
  struct task_struct *task = (void *)current_task(), *parent = 0;
  into->time_ns = monotonic_ns();
  into->pid = pid >> 32;
  into->thread = (u32)pid;
  into->user = (u32)current_user();
  into->parent = 0;
  READ(parent, task, real_parent);
  if (parent) READ(into->parent, parent, tgid);
  current_name(into->name, sizeof(into->name));
}

// Offsets of the arguments in `struct pt_regs`.
#if defined(__TARGET_ARCH_x86)
static const u8 native[ARGUMENTS] = {112, 104, 96, 56, 72, 64};
static const u8 compat[ARGUMENTS] = {40, 88, 96, 104, 112, 32};
#define IS_COMPAT(task) ({ u32 status = 0; READ(status, task, thread_info.status); (status & 2) != 0; })
#elif defined(__TARGET_ARCH_arm64)
static const u8 native[ARGUMENTS] = {0, 8, 16, 24, 32, 40};
static const u8 compat[ARGUMENTS] = {0, 8, 16, 24, 32, 40};
#define IS_COMPAT(task) 0
#else
#error "name the machine by -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

static __attribute__((always_inline)) int index_of(u64 call, int is_compat) {
  // The x32 twin of a call has this bit.
  u32 number = (u32)call & ~0x40000000u;
  if (number >= MAX_CALLS) return -1;
  return is_compat ? (int)(number + MAX_CALLS) : (int)number;
}

// One by one: the verifier of the kernel does not follow the bounds of an index that was counted from 1.
static __attribute__((always_inline)) u64 argument_of(const struct record *call, u8 index) {
  switch (index) {
    case 1: return call->arguments[0];
    case 2: return call->arguments[1];
    case 3: return call->arguments[2];
    case 4: return call->arguments[3];
    case 5: return call->arguments[4];
    case 6: return call->arguments[5];
    default: return 0;
  }
}

static __attribute__((always_inline)) u32 read_text(char *into, const struct record *call, u8 index) {
  if (index == 0) return 0;
  long count = read_user_text(into, TEXT_BYTES, (void *)argument_of(call, index));
  return count > 0 ? count : 0;
}

// What follows the last slash of a path is one of the names. A hash that begins anew at each slash: the verifier would follow every place of it.
static __attribute__((always_inline)) int is_secret(const char *path, u32 bytes) {
  u64 hash = 0xcbf29ce484222325;
  for (u32 at = 0; at < TEXT_BYTES && at < bytes; at++) {
    u8 character = path[at];
    if (character == 0) break;
    hash = character == '/' ? 0xcbf29ce484222325 : (hash ^ character) * 0x100000001b3;
  }
  return map_lookup(&secrets, &hash) != 0;
}

// The socket of IPv4 or IPv6 that a file descriptor is; none for another file.
static __attribute__((always_inline)) struct sock *socket_at(u64 descriptor, u16 *family) {
  struct task_struct *task = (void *)current_task();
  struct files_struct *files = 0;
  struct fdtable *table = 0;
  struct file **all = 0, *file = 0;
  struct inode *inode = 0;
  unsigned int count = 0;
  u16 mode = 0;
  READ(files, task, files);
  READ(table, files, fdt);
  READ(count, table, max_fds);
  READ(all, table, fd);
  if ((u32)descriptor >= count) return 0;
  read_kernel(&file, sizeof(file), all + (u32)descriptor);
  READ(inode, file, f_inode);
  READ(mode, inode, i_mode);
  if ((mode & 0170000) != 0140000) return 0;
  struct socket *socket = 0;
  struct sock *end = 0;
  READ(socket, file, private_data);
  READ(end, socket, sk);
  READ(*family, end, __sk_common.skc_family);
  return *family == 2 || *family == 10 ? end : 0;
}

// Puts the far end of a connected socket into a block, in the form of `struct sockaddr_in` and `sockaddr_in6`.
static __attribute__((always_inline)) int put_far_end(u8 *block, u64 descriptor) {
  u16 family = 0;
  struct sock *end = socket_at(descriptor, &family);
  if (!end) return 0;
  *(u16 *)block = family;
  READ(*(u16 *)(block + 2), end, __sk_common.skc_dport);
  if (family == 2) READ(*(u32 *)(block + 4), end, __sk_common.skc_daddr);
  else READ(*(struct address *)(block + 8), end, __sk_common.skc_v6_daddr);
  return 1;
}

#define ADDRESS_BYTES 28

// Puts the protocol of a socket behind the address that it is given.
static __attribute__((always_inline)) void put_protocol(u8 *block, u64 descriptor) {
  u16 family = 0;
  struct sock *end = socket_at(descriptor, &family);
  if (end) READ(*(u16 *)(block + ADDRESS_BYTES), end, sk_protocol);
}

SEC("raw_tp/sys_enter")
int enter(u64 *context) {
  struct task_struct *task = (void *)current_task();
  int is_compat = IS_COMPAT(task);
  int index = index_of(context[1], is_compat);
  if (index < 0) return 0;
  u32 key = index;
  struct wanted *wanted = map_lookup(&table, &key);
  if (!wanted || !wanted->is_wanted) return 0;
  u32 first = 0;
  struct record *into = map_lookup(&scratch, &first);
  if (!into) return 0;
  const char *registers = (const char *)context[0];
  for (int at = 0; at < ARGUMENTS; at++) {
    u64 value = 0;
    read_kernel(&value, 8, registers + (is_compat ? compat[at] : native[at]));
    into->arguments[at] = is_compat ? (u32)value : value;
  }
  __builtin_memset(into->block, 0, sizeof(into->block));
  if (wanted->block > 0) {
    u32 size = wanted->block_bytes;
    if (size > sizeof(into->block)) size = sizeof(into->block);
    read_user(into->block, size, (void *)argument_of(into, wanted->block));
    if (wanted->block_bytes == ADDRESS_BYTES) put_protocol(into->block, into->arguments[0]);
  }
  into->text1_bytes = 0;
  if (wanted->bits_of > 0) {
    u64 value = wanted->bits_of == wanted->block ? *(u64 *)into->block : argument_of(into, wanted->bits_of);
    if ((value & wanted->bits) == 0) {
      if (!wanted->or_secret) return 0;
      into->text1_bytes = read_text(into->text1, into, wanted->text1);
      if (!is_secret(into->text1, into->text1_bytes)) return 0;
    }
  }
  if (wanted->socket > 0 && !put_far_end(into->block, argument_of(into, wanted->socket))) return 0;
  into->call = (u32)context[1] & ~0x40000000u;
  into->flags = is_compat ? FLAG_COMPAT : 0;
  if (into->text1_bytes == 0) into->text1_bytes = read_text(into->text1, into, wanted->text1);
  into->text2_bytes = read_text(into->text2, into, wanted->text2);
  u64 thread = current_pid();
  if (map_update(&calls, &thread, into, 0) != 0) count_lost();
  return 0;
}

SEC("raw_tp/sys_exit")
int leave(u64 *context) {
  u64 thread = current_pid();
  struct record *from = map_lookup(&calls, &thread);
  if (!from) return 0;
  u32 key = from->flags & FLAG_COMPAT ? from->call + MAX_CALLS : from->call;
  struct wanted *wanted = map_lookup(&table, &key);
  if (wanted && wanted->socket > 0 && (u64)context[1] > 2) {
    map_delete(&calls, &thread);
    return 0;
  }
  struct record *into = ring_reserve(&ring, sizeof(*into), 0);
  if (!into) {
    count_lost();
    map_delete(&calls, &thread);
    return 0;
  }
  __builtin_memcpy(into, from, sizeof(*into));
  // What lay in a page that was not in memory yet could not be read before: the kernel has fetched it by now.
  if (wanted && into->text1_bytes == 0) into->text1_bytes = read_text(into->text1, into, wanted->text1);
  if (wanted && into->text2_bytes == 0) into->text2_bytes = read_text(into->text2, into, wanted->text2);
  into->result = (s64)context[1];
  put_actor(into);
  ring_submit(into, 0);
  map_delete(&calls, &thread);
  return 0;
}

SEC("raw_tp/sched_process_exec")
int program(u64 *context) {
  struct task_struct *task = (void *)context[0];
  struct linux_binprm *binary = (void *)context[2];
  struct program_record *into = ring_reserve(&ring, sizeof(*into), 0);
  if (!into) {
    count_lost();
    return 0;
  }
  into->common.flags = FLAG_PROGRAM;
  into->common.call = 0;
  into->common.result = 0;
  into->common.text2_bytes = 0;
  put_actor(&into->common);
  const char *file = 0;
  READ(file, binary, filename);
  long count = read_kernel_text(into->common.text1, TEXT_BYTES, file);
  into->common.text1_bytes = count > 0 ? count : 0;
  struct mm_struct *memory = 0;
  READ(memory, task, mm);
  unsigned long start = 0, end = 0;
  READ(start, memory, arg_start);
  READ(end, memory, arg_end);
  u64 size = end - start;
  into->all_argument_bytes = size;
  if (size > sizeof(into->arguments)) size = sizeof(into->arguments);
  into->argument_bytes = size;
  if (read_user(into->arguments, size, (void *)start) != 0) into->argument_bytes = 0;
  ring_submit(into, 0);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";

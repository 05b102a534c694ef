/* Feeds capture files to a real scanlogd that was not changed, and prints what it would have logged.
 *
 * An LD_PRELOAD library. scanlogd opens a raw TCP socket and reads packets from it; here the packets
 * come from a file, the clocks stand where the packet's time says, and syslog is standard output.
 * Of a capture file scanlogd gets what a kernel would deliver to a raw socket: whole IPv4 datagrams
 * of TCP with sane lengths, fragments put together (first copy of a byte wins). Checksums are not
 * judged, because in captures made on the sending machine they are not there yet.
 *
 * FEED names a list of jobs, a line each: time zone, tab, path of a capture. Each job is a process of
 * its own, forked where scanlogd opens its socket, so one start serves thousands of captures. After
 * the lines of each job comes a line "= " and what libpcap had against the file, if anything.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_VLAN = 0x8100, ETHERTYPE_QINQ = 0x88a8, PPP_IPV4 = 0x21, PROTOCOL_TCP = 6 };

static pcap_t *capture;
static struct timeval now;
static int packet_socket = -1;

/* --- one process a job ------------------------------------------------------------------------ */

static void finish(const char *complaint) {
  printf("= %s\n", complaint);
  fflush(stdout);
  _exit(0);
}

/* Returns in a child, once for each job. */
static void next_job(void) {
  pid_t (*real_fork)(void) = (pid_t (*)(void))dlsym(RTLD_NEXT, "fork");
  FILE *jobs = fopen(getenv("FEED"), "r");
  char line[8192];
  if (!jobs) { perror("FEED"); _exit(2); }
  while (fgets(line, sizeof line, jobs)) {
    line[strcspn(line, "\n")] = 0;
    char *path = strchr(line, '\t');
    if (!path) { fprintf(stderr, "no tab: %s\n", line); _exit(2); }
    *path++ = 0;
    pid_t child = real_fork();
    if (child < 0) { perror("fork"); _exit(2); }
    if (child == 0) {
      char complaint[PCAP_ERRBUF_SIZE];
      setenv("TZ", line, 1);
      tzset();
      capture = pcap_open_offline(path, complaint);
      if (!capture) finish(complaint);
      return;
    }
    int status;
    if (waitpid(child, &status, 0) < 0 || status != 0) {
      fprintf(stderr, "%s: scanlogd ended with status %x\n", path, status);
      _exit(2);
    }
  }
  _exit(0);
}

int socket(int domain, int type, int protocol) {
  (void)domain, (void)type, (void)protocol;
  next_job();
  return packet_socket = open("/dev/null", O_RDONLY);
}

/* --- fragments -------------------------------------------------------------------------------- */

enum { DATAGRAMS = 2048, DATAGRAM_BYTES = 65536, HEADER_BYTES = 60 };

struct datagram {
  int used;
  unsigned long touched;
  u_char key[10]; /* both addresses and the identification */
  u_char header[HEADER_BYTES];
  int header_bytes; /* 0: the first fragment has not come */
  int bytes;        /* 0: the last fragment has not come */
  u_char *data;
  u_char *state; /* of each byte: ABSENT, ON_WIRE (but not in the capture), CAPTURED */
};
enum { ABSENT, ON_WIRE, CAPTURED };

static struct datagram *datagram_of(const u_char *ip) {
  static struct datagram *datagrams;
  static unsigned long clock;
  u_char key[10];
  memcpy(key, ip + 12, 8);
  memcpy(key + 8, ip + 4, 2);
  if (!datagrams) datagrams = calloc(DATAGRAMS, sizeof *datagrams);
  struct datagram *free_one = NULL, *oldest = NULL, *chosen;
  for (struct datagram *d = datagrams; d < datagrams + DATAGRAMS; d++) {
    if (!d->used) {
      if (!free_one) free_one = d;
    } else if (memcmp(d->key, key, sizeof key) == 0) {
      d->touched = ++clock;
      return d;
    } else if (!oldest || d->touched < oldest->touched) {
      oldest = d;
    }
  }
  chosen = free_one ? free_one : oldest;
  if (!chosen->data) {
    chosen->data = malloc(DATAGRAM_BYTES);
    chosen->state = malloc(DATAGRAM_BYTES);
  }
  memset(chosen->state, ABSENT, DATAGRAM_BYTES);
  memcpy(chosen->key, key, sizeof key);
  chosen->used = 1;
  chosen->touched = ++clock;
  chosen->header_bytes = chosen->bytes = 0;
  return chosen;
}

/* Takes in a fragment of `total` bytes, `captured` of them in the capture. Returns the bytes put into
 * `out`, at most `room`, if it made the datagram whole; else 0. */
static size_t reassemble(const u_char *ip, int header, int total, int captured, u_char *out, size_t room) {
  struct datagram *d = datagram_of(ip);
  int offset = ((ip[6] & 0x1f) << 8 | ip[7]) * 8, more = ip[6] & 0x20, length = total - header;
  if (offset + length >= DATAGRAM_BYTES) return 0;
  if (offset == 0) {
    d->header_bytes = header;
    memcpy(d->header, ip, header);
  }
  if (!more) d->bytes = offset + length;
  for (int i = 0; i < length; i++) {
    if (d->state[offset + i] != ABSENT) continue;
    d->state[offset + i] = header + i < captured ? CAPTURED : ON_WIRE;
    if (header + i < captured) d->data[offset + i] = ip[header + i];
  }
  if (!d->header_bytes || !d->bytes || memchr(d->state, ABSENT, d->bytes)) return 0;
  d->used = 0;
  const u_char *cut = memchr(d->state, ON_WIRE, d->bytes);
  u_char whole[HEADER_BYTES + DATAGRAM_BYTES];
  size_t known = d->header_bytes + (cut ? (size_t)(cut - d->state) : (size_t)d->bytes);
  int sum = d->header_bytes + d->bytes;
  memcpy(whole, d->header, d->header_bytes);
  memcpy(whole + d->header_bytes, d->data, known - d->header_bytes);
  whole[2] = sum >> 8, whole[3] = sum, whole[6] = whole[7] = 0;
  if (known > room) known = room;
  memcpy(out, whole, known);
  return known;
}

/* --- packets ---------------------------------------------------------------------------------- */

/* Where the IPv4 packet begins in a frame, or -1. */
static int ipv4_offset(const u_char *frame, int captured) {
  int at, type;
  switch (pcap_datalink(capture)) {
    case DLT_EN10MB: at = 14, type = 12; break;
    case DLT_LINUX_SLL: at = 16, type = 14; break;
    case DLT_LINUX_SLL2: at = 20, type = 0; break;
    case DLT_NULL: case DLT_LOOP: return 4;
    case DLT_RAW: case DLT_IPV4: return 0;
    case DLT_PPP: case DLT_PPP_SERIAL: {
      /* The address and control fields may be left out, and so may the protocol's first byte, 0. */
      at = captured > 2 && frame[0] == 0xff && frame[1] == 3 ? 2 : 0;
      if (captured > at && frame[at] == 0) at++;
      return captured > at && frame[at] == PPP_IPV4 ? at + 1 : -1;
    }
    default: return -1;
  }
  for (;; type = at + 2, at += 4) {
    if (captured < at) return -1;
    int ethertype = frame[type] << 8 | frame[type + 1];
    if (ethertype == ETHERTYPE_IPV4) return at;
    if (ethertype != ETHERTYPE_VLAN && ethertype != ETHERTYPE_QINQ) return -1;
  }
}

ssize_t read(int fd, void *buffer, size_t room) {
  static ssize_t (*real_read)(int, void *, size_t);
  if (fd != packet_socket) {
    if (!real_read) real_read = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    return real_read(fd, buffer, room);
  }
  for (;;) {
    struct pcap_pkthdr *head;
    const u_char *frame;
    int got = pcap_next_ex(capture, &head, &frame);
    if (got == PCAP_ERROR_BREAK) finish("");
    if (got < 0) finish(pcap_geterr(capture));
    int at = ipv4_offset(frame, head->caplen);
    if (at < 0 || (int)head->caplen < at + 20 || frame[at] >> 4 != 4) continue;
    const u_char *ip = frame + at;
    int header = (ip[0] & 15) * 4, total = ip[2] << 8 | ip[3], captured = head->caplen - at;
    if (header < 20 || captured < header || total < header || total > (int)head->len - at) continue;
    if (ip[9] != PROTOCOL_TCP) continue;
    if (captured > total) captured = total;
    size_t bytes = captured;
    if (ip[6] & 0x3f || ip[7]) {
      bytes = reassemble(ip, header, total, captured, buffer, room);
      if (bytes == 0) continue;
    } else {
      if (bytes > room) bytes = room;
      memcpy(buffer, ip, bytes);
    }
    now = head->ts;
    return bytes;
  }
}

/* --- clocks, log, and what a daemon does at start ---------------------------------------------- */

clock_t times(struct tms *unused) {
  if (unused) memset(unused, 0, sizeof *unused);
  return (clock_t)now.tv_sec * 100 + now.tv_usec / 10000;
}
time_t time(time_t *out) {
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
void syslog(int priority, const char *format, ...) {
  va_list values;
  (void)priority;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('\n');
}
void __syslog_chk(int priority, int flag, const char *format, ...) {
  va_list values;
  (void)priority, (void)flag;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('\n');
}
void openlog(const char *ident, int option, int facility) { (void)ident, (void)option, (void)facility; }
pid_t fork(void) { return 0; }
pid_t setsid(void) { return 1; }
int chroot(const char *path) { (void)path; return 0; }
int chdir(const char *path) { (void)path; return 0; }
int setgroups(size_t count, const gid_t *groups) { (void)count, (void)groups; return 0; }
int setgid(gid_t group) { (void)group; return 0; }
int setuid(uid_t user) { (void)user; return 0; }
int dup2(int from, int to) { (void)from; return to; }
struct passwd *getpwnam(const char *name) {
  static struct passwd nobody = {.pw_name = "nobody", .pw_uid = 65534, .pw_gid = 65534};
  (void)name;
  return &nobody;
}

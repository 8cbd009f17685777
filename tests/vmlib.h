/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Virtual machines for tests: starts a QEMU and tells which PCI functions it has, once as QEMU's
 * object tree (QOM) has them and once as a guest finds them.
 *
 * Every call starts its own process from ARGV, a NULL-terminated vector.  The program may be QEMU
 * or something that runs QEMU; the library appends plain QEMU options at the end.  A process is
 * given 240 seconds, and is killed and reaped before the call returns.  Nothing is left behind in
 * the file system.  Calls may be made in parallel from threads or processes.
 *
 * For a QEMU unpacked outside of /usr (any argument, or the value of --qemu= or qemu=, that is a
 * path to a qemu-system-* program) QEMU_MODULE_DIR is set to the modules unpacked beside it.
 */

#ifndef QRISER_TESTS_VMLIB_H
#define QRISER_TESTS_VMLIB_H

#include <glib.h>

#define VM_ERROR (vm_error_quark ())

typedef enum
{
  VM_ERROR_START,   /* the program could not be started */
  VM_ERROR_EXIT,    /* it ended early or with the wrong status; the message has its output */
  VM_ERROR_TIMEOUT, /* it was killed after the time limit */
  VM_ERROR_PROTOCOL /* it answered something unexpected, or refused a QMP command */
} VmError;

/*
 * A slot path names a function without bus numbers: "00:1c.0/00.0" is function 00.0 behind
 * the bridge 1c.0 of the root bus.  Functions below an expander have its bus_nr, in hex, in place
 * of "00".
 */

/* A function as QEMU's object tree has it. */
typedef struct
{
  char *path;   /* slot path */
  char *driver; /* type name */
  char *id;     /* id= of the user, or NULL */
  char *qom;    /* path of the object */
  char *bus;    /* name of the bus it sits on */
  char *bridge; /* path of the object that has that bus; NULL on a root bus */
  guint devfn;  /* slot << 3 | function */
} VmFunction;

/* A function as a guest sees it. */
typedef struct
{
  char *path; /* slot path */
  guint8 bus, devfn;
  guint16 vendor, device;
  guint32 class_code; /* with the programming interface, 24 bits */
  guint8 header;      /* header type without the multifunction bit */
  gboolean multifunction;
  int express;                /* PCI Express port type; -1 without the capability */
  int secondary, subordinate; /* bus numbers of a bridge; -1 for other functions */
  gboolean vga;               /* a bridge that forwards VGA */
  gboolean io;                /* a bridge with an open I/O window */
  gboolean acs;               /* has Access Control Services */
} VmSeen;

extern GQuark vm_error_quark (void);

/* The modules unpacked beside QEMU, a path, if it is not the installed one; else NULL. */
extern char *vm_module_dir (const char *qemu);

/* The QEMUs to test with: the installed one, if it is there, then those that QRISER_TEST_QEMU
   lists; each once.  */
extern GStrv vm_qemus (void);

/* Those for guests of ARCH: qemu-system-ARCH beside each of these. */
extern GStrv vm_qemus_for (const char *arch);

/* All PCI functions (VmFunction), sorted by slot path.  The machine is not run. */
extern GPtrArray *vm_qom_functions (const char *const *argv, GError **error);

/* All PCI functions (VmSeen) the guest kernel EYE finds, sorted by slot path. */
extern GPtrArray *vm_guest_functions (const char *const *argv, const char *eye, GError **error);

/* The same by ECAM, the kernel guest-ecam-ARCH, which the machine virt of ARCH starts; the line must
 * name no firmware, and no processor. */
extern GPtrArray *vm_ecam_functions (const char *const *argv, const char *arch, const char *ecam,
                                     GError **error);

/* The same and what each of the monitor COMMANDS prints, from one start that is as near to the bare
   line as can be: no option of the library takes one of QEMU's defaults away.  "-S" is appended,
   "-display none" to a line that names no screen, and "-gdb"; only where the line has a gdb stub
   itself QMP is used, and with it there is no default monitor. */
extern GPtrArray *vm_inspect (const char *const *argv, const char *const *commands, GStrv *texts,
                              GError **error);

/* What each of the monitor COMMANDS ("info qtree") prints.  The machine is not run. */
extern GStrv vm_hmp (const char *const *argv, const char *const *commands, GError **error);

/* Parses the output of the guest's eye.  Text in front of its first line is ignored. */
extern GPtrArray *vm_parse_seen (const char *text, GError **error);

/* The function with this slot path, or NULL. */
extern const VmFunction *vm_find_function (const GPtrArray *functions, const char *path);
extern const VmSeen *vm_find_seen (const GPtrArray *seen, const char *path);

#endif

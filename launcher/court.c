/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "court.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>

/* FALSE: there will be no more calls, or this was @last. */
static gboolean
answer (const QrCourt *court, QrListener *listener, gboolean go_on, int code, gboolean last)
{
  QrAnswer became = qr_listener_answer (listener, go_on, code);

  if (became == QR_ANSWER_LATE)
    court->undo (court->data);
  return became != QR_ANSWER_END && (became == QR_ANSWER_LATE || !last);
}

gboolean
qr_court_hear (const QrCourt *court, QrListener *listener, pid_t started, gboolean *killed)
{
  QrHeard heard = qr_listener_hear (listener);
  int code = 0;
  pid_t caller;

  if (heard != QR_HEARD_CALL)
    return heard != QR_HEARD_END;
  caller = (pid_t) listener->request->pid;
  switch (court->judge (&listener->request->data, caller, started, &code, court->data))
    {
    case QR_RULING_GO_ON:
      return answer (court, listener, TRUE, 0, FALSE);
    case QR_RULING_REFUSE:
      return answer (court, listener, FALSE, code, FALSE);
    case QR_RULING_KILL:
      *killed = TRUE;
      return !qr_listener_waits (listener) || kill (caller, SIGKILL) == 0 || errno == ESRCH;
    case QR_RULING_LAST:
      return answer (court, listener, TRUE, 0, TRUE);
    case QR_RULING_DONE:
      return answer (court, listener, FALSE, code, TRUE);
    case QR_RULING_CLOSE:
      return FALSE;
    }
  return FALSE;
}

static void
be_woken (int number)
{
  (void) number;
}

void
qr_court_tick (guint seconds)
{
  const struct itimerval every = { { seconds, 0 }, { seconds, 0 } };
  const struct sigaction action = { .sa_handler = be_woken };
  sigset_t alarm;

  (void) sigemptyset (&alarm);
  (void) sigaddset (&alarm, SIGALRM);
  (void) sigprocmask (SIG_UNBLOCK, &alarm, NULL);
  (void) sigaction (SIGALRM, &action, NULL);
  (void) setitimer (ITIMER_REAL, &every, NULL);
}

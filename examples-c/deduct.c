/* Uploads a fee reduction and takes it back again, with every end handled.
 *
 *   deduct [certNo=NUMBER] [certName=NAME] [totalFee=25.50] [deductionFee=10.00]
 *          [deductionID=...] [deductionTime="yyyy-MM-dd HH:mm:ss"] [cancelTime="yyyy-MM-dd HH:mm:ss"]
 *          [url=...] [sid=...] [key=...] [orgCode=...] [store=FILE] [caFile=PEM]
 *
 * Number and times are made unless they are given: give those of before to go on with one whose result is not known.
 * Windows hands arguments over in its own code page: a Chinese certName would have to be made UTF-8 there.
 *
 * Ends with 0 when the reduction was taken and taken back, 1 when the platform refused or was not reached, 2 when the
 * input or the settings are wrong, 3 when the result is still not known.
 */

/* For pause.h; Windows does not look at it. */
#define _POSIX_C_SOURCE 200809L

#include "glory.h"
#include "pause.h"

#include <time.h>

/* The specimen of the standard for identity numbers, and a name of two characters, as UTF-8 in a source of ASCII. */
#define CERT_NO "11010519491231002X"
#define CERT_NAME "\xE5\xBC\xA0\xE4\xB8\x89"

/* How often, and with what pause, the very same is sent again while nobody knows. Each call tries twice by itself. */
#define TRIES 3
#define PAUSE_SECONDS 2

/* Now, as the platform writes it: UTC+8, whatever this machine's time zone is. */
static void write_now(char *out, size_t capacity)
{
    time_t china = time(NULL) + 8 * 60 * 60;
    strftime(out, capacity, "%Y-%m-%d %H:%M:%S", gmtime(&china));
}

/* Sends a request until its end is known. What is sent again is the same to the last character: with another
 * deductionID or time it would be another reduction, and the patient would have two. */
static enum outcome insist(const char *step, char *(*operation)(const char *request), const char *request)
{
    enum outcome outcome = UNKNOWN;
    char *reply;
    int n;

    for (n = 1; n <= TRIES && outcome == UNKNOWN; n++) {
        if (n > 1)
            pause_seconds(PAUSE_SECONDS);
        reply = operation(request);
        outcome = outcome_of(reply);
        say(step, reply);
        if (code_is(reply, "DUPLICATE_ORDER"))
            printf("%s: the ledger has other content under this deductionID: find out which is right\n", step);
        if (code_is(reply, "CONNECT_FAILED") && outcome == FAILED)
            printf("%s: nothing was sent: the same may be sent whenever the platform is back\n", step);
        if (json_find(reply, "replayed") != NULL)
            printf("%s: this was known already\n", step);
        hislink_free(reply);
    }
    return outcome;
}

/* What the content hangs on: whoever sends again sends with these. */
struct job {
    const char *deduction_id;
    const char *deducted_at;
    const char *cancelled_at;
};

static void write_deduction(struct request *request, const struct job *job, int argc, char **argv)
{
    add(request, "{");
    add_member(request, "certType", "0");
    add_member(request, "certNo", argument(argc, argv, "certNo", CERT_NO));
    add_member(request, "certName", argument(argc, argv, "certName", CERT_NAME));
    add_member(request, "deductionID", job->deduction_id);
    /* Yuan with two decimals, as text: money is never a floating-point number. */
    add_member(request, "totalFee", argument(argc, argv, "totalFee", "25.50"));
    add_member(request, "deductionFee", argument(argc, argv, "deductionFee", "10.00"));
    add_member(request, "deductionTime", job->deducted_at);
    add_member(request, "gloryType", "1");
    add_member(request, "deductionType", "0");
    add(request, "}");
}

static void write_cancellation(struct request *request, const struct job *job)
{
    add(request, "{");
    add_member(request, "deductionID", job->deduction_id);
    add_member(request, "deductionTime", job->cancelled_at);
    add(request, "}");
}

/* What the outcome means for whoever started this program. */
static int end_of(enum outcome outcome, const struct job *job)
{
    switch (outcome) {
    case SUCCEEDED:
        return 0;
    case FAILED:
        return 1;
    case REJECTED:
        return 2;
    default:
        printf("not known yet: run it again with the same arguments and "
               "deductionID=%s deductionTime=\"%s\" cancelTime=\"%s\"\n",
            job->deduction_id, job->deducted_at, job->cancelled_at);
        return 3;
    }
}

static int deduct_and_cancel(const struct job *job, int argc, char **argv)
{
    struct request deduction = {"", 0, 0};
    struct request cancellation = {"", 0, 0};
    int end;

    write_deduction(&deduction, job, argc, argv);
    write_cancellation(&cancellation, job);
    if (deduction.spoilt || cancellation.spoilt) {
        fprintf(stderr, "the arguments are too long\n");
        return 2;
    }
    end = end_of(insist("deduct", hislink_glory_deduct, deduction.text), job);
    if (end != 0) {
        if (end == 1)
            printf("not reduced: the patient pays the whole fee\n");
        return end;
    }
    printf("reduced: %s\n", job->deduction_id);
    end = end_of(insist("cancel", hislink_glory_cancel, cancellation.text), job);
    printf(end == 0 ? "taken back: %s\n" : "not taken back, as far as is known: %s\n", job->deduction_id);
    return end;
}

/* A number that no other window and no other day makes. */
static int make_id(char *out, size_t capacity)
{
    char *reply = hislink_order_no("{\"prefix\":\"GD\"}");
    int length = json_text(reply, "orderNo", out, capacity);

    hislink_free(reply);
    return length > 0;
}

static int run(int argc, char **argv)
{
    struct job job;
    char new_id[40];
    char now[32];

    if (!configure(argc, argv) || !make_id(new_id, sizeof new_id))
        return 2;
    write_now(now, sizeof now);
    job.deduction_id = argument(argc, argv, "deductionID", new_id);
    job.deducted_at = argument(argc, argv, "deductionTime", now);
    job.cancelled_at = argument(argc, argv, "cancelTime", now);
    /* A real program stores these with the bill before it sends them. */
    printf("deduction: %s of %s\n", job.deduction_id, job.deducted_at);
    return deduct_and_cancel(&job, argc, argv);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"certNo", "certName", "totalFee", "deductionFee", "deductionID",
        "deductionTime", "cancelTime", GLORY_ARGUMENTS, NULL};
    int end;

    show_utf8();
    if (!only_arguments(argc, argv, names)) {
        fprintf(stderr, "usage: deduct [certNo=...] [certName=...] [totalFee=...] [deductionFee=...] "
                        "[deductionID=...] [deductionTime=...] [cancelTime=...] " GLORY_USAGE "\n");
        return 2;
    }
    end = run(argc, argv);
    hislink_shutdown();
    return end;
}

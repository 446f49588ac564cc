// Measures one run of a Lambda runtime: starts it, hands it events, serves its images and its endpoint.
//
//   mock-aws --invocations N [--warmup N] [--core N] [--image-bytes N] [--records N] [--delay MS]
//                      [--skipped] [--asynchronous submission|result] [--apart] [--trace FILE]
//                      [--chain FILE --key FILE [--plain-s3]] [--keep FOLDER] [--log FILE]
//           -- PROGRAM [ARGUMENT...]
//
// The program gets this process's environment, AWS_LAMBDA_RUNTIME_API and the AWS_ENDPOINT_URL_… of both services,
// which speak HTTPS with --chain and --key, files in PEM form; with --plain-s3 only the endpoint does. It is ended when
// it asks for the event after the last one: with --invocations 0 as soon as it asks for its first. It runs on --core,
// and so does this process, or with --apart on the others.
// With --trace, what a tool around the program writes into the file is measured each time it asks for an event.
// One JSON object is printed. Exit status 1, with a message, when the program ends, answers with an error, sends
// the endpoint anything but the image, or does not answer every event alike; 2 for wrong usage.
#include "mock.h"
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plan plan = {.core = -1, .invocations = 1, .image_bytes = 100 * 1024, .records = 1, .log = "/dev/null"};

static void usage(void) {
  fputs("mock-aws: wrong usage, see its main.c\n", stderr);
  exit(2);
}

static void read_arguments(int count, char **arguments) {
  static const struct option options[] = {
      {"core", 1, NULL, 'c'},    {"warmup", 1, NULL, 'w'},  {"invocations", 1, NULL, 'n'},
      {"records", 1, NULL, 'r'}, {"delay", 1, NULL, 'd'},   {"image-bytes", 1, NULL, 'i'},
      {"keep", 1, NULL, 'k'},    {"log", 1, NULL, 'l'},     {"skipped", 0, NULL, 's'},
      {"chain", 1, NULL, 'C'},   {"key", 1, NULL, 'K'},     {"plain-s3", 0, NULL, 'p'},
      {"apart", 0, NULL, 'a'},   {"asynchronous", 1, NULL, 'A'},
      {"trace", 1, NULL, 't'},
      {0},
  };
  const char *chain = NULL, *key = NULL;
  bool plain_s3 = false;
  for (int option; (option = getopt_long(count, arguments, "+", options, NULL)) >= 0;) {
    switch (option) {
    case 'c': plan.core = atoi(optarg); break;
    case 'w': plan.warmup = atoi(optarg); break;
    case 'n': plan.invocations = atoi(optarg); break;
    case 'r': plan.records = atoi(optarg); break;
    case 'd': plan.delay_milliseconds = atoi(optarg); break;
    case 'i': plan.image_bytes = strtoul(optarg, NULL, 10); break;
    case 'k': plan.folder = optarg; break;
    case 'l': plan.log = optarg; break;
    case 's': plan.skipped = true; break;
    case 'a': plan.apart = true; break;
    case 't': plan.trace = optarg; break;
    case 'p': plain_s3 = true; break;
    case 'A':
      if (strcmp(optarg, "submission") && strcmp(optarg, "result")) usage();
      plan.call = strcmp(optarg, "result") ? SUBMISSION : RESULT;
      break;
    case 'C': chain = optarg; break;
    case 'K': key = optarg; break;
    default: usage();
    }
  }
  plan.program = arguments + optind;
  if (optind == count || plan.invocations < 0 || plan.warmup < 0 || plan.records < 1 || plan.records > 64 ||
      plan.image_bytes < 3 || plan.image_bytes > 6 << 20 || !chain != !key)
    usage();
  if (!chain) return;
  use_certificate(chain, key);
  secure(ENDPOINT);
  if (!plain_s3) secure(S3);
}

static int by_size(const void *left, const void *right) {
  long long difference = *(const long long *)left - *(const long long *)right;
  return (difference > 0) - (difference < 0);
}

static double cycle_at(double share) {
  if (plan.invocations == 0) return 0;
  return findings.cycles[(int)(share * (plan.invocations - 1) + 0.5)] / 1e3;
}

static double each(long long nanoseconds) {
  return plan.invocations == 0 ? 0 : nanoseconds / 1e3 / plan.invocations;
}

int main(int count, char **arguments) {
  read_arguments(count, arguments);
  signal(SIGPIPE, SIG_IGN);
  findings.cycles = calloc(plan.invocations, sizeof *findings.cycles);
  findings.trace_bytes = calloc(plan.warmup + plan.invocations + 1, sizeof *findings.trace_bytes);
  prepare_answers();
  for (enum role role = RUNTIME; role < ROLES; role++) listen_as(role);
  choose_cores();
  findings.start = start_program(plan.program, plan.log, plan.core);
  serve(answer_request);
  qsort(findings.cycles, plan.invocations, sizeof *findings.cycles, by_size);
  printf("{\"firstNextMicroseconds\": %.1f, \"firstAnswerMicroseconds\": %.1f, \"coldCPUMicroseconds\": %.1f, ",
         (findings.first_next - findings.start) / 1e3, (findings.first_answer - findings.start) / 1e3,
         findings.cold_cpu / 1e3);
  printf("\"medianMicroseconds\": %.2f, \"p99Microseconds\": %.2f, \"cpuMicroseconds\": %.2f, ", cycle_at(0.5),
         cycle_at(0.99), each(findings.steady_cpu));
  printf("\"mockCPUMicroseconds\": %.2f, \"peakKibibytes\": %ld, ", each(findings.own_cpu),
         findings.peak_kibibytes);
  printf("\"traceBytes\": [");
  for (int i = 0; plan.trace && i <= plan.warmup + plan.invocations; i++)
    printf("%s%lld", i ? ", " : "", findings.trace_bytes[i]);
  printf("], ");
  printf("\"answerBytes\": %zu, \"answerHash\": \"%016llx\"}\n", findings.answer_bytes, findings.answer_hash);
}

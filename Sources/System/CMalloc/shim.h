// glibc's mallopt, which Swift's Glibc module omits. Nothing else belongs here.
#include <malloc.h>

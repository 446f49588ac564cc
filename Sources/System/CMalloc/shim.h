// glibc's settings of malloc, which Swift's Glibc module leaves out. Nothing else belongs here.
#include <malloc.h>

/*
 * VEC(T): a list that grows in an arena.
 *
 *     VEC(str) names = { 0 };
 *     *vec_add(a, &names) = S("France");
 *     vec_each (str, name, &names) ...
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#define VEC(T)                 \
	struct {               \
		T *p;          \
		size_t n, cap; \
	}

/* A pointer to one more, zeroed element. The next vec_add may move it. */
#define vec_add(a, v) \
	((v)->p = vec_room_((a), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p), &(v)->p[(v)->n++])

/* An empty list has no place to point behind. */
#define vec_each(T, it, v) for (T *it = (v)->p; it && it < (v)->p + (v)->n; it++)

void *vec_room_(arena *a, void *p, size_t n, size_t *cap, size_t size);

#endif

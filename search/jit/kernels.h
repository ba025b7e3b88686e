/* What all wrappers of kernels have in common: arguments by their exact types, results, and memory for kernels. */

#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <stdint.h>
#include <stdlib.h>

/* An array as Numba passes it: no owner, its elements and their size, the data, its shape and strides. */
#define AS_ARRAY(o) (PyArrayObject *)(o)
#define ARRAY(o) NULL, NULL, PyArray_SIZE(AS_ARRAY(o)), PyArray_ITEMSIZE(AS_ARRAY(o)), PyArray_DATA(AS_ARRAY(o))
#define ARRAY_1(o) ARRAY(o), PyArray_DIM(AS_ARRAY(o), 0), PyArray_STRIDE(AS_ARRAY(o), 0)
#define ARRAY_2(o) ARRAY(o), PyArray_DIM(AS_ARRAY(o), 0), PyArray_DIM(AS_ARRAY(o), 1), \
    PyArray_STRIDE(AS_ARRAY(o), 0), PyArray_STRIDE(AS_ARRAY(o), 1)
#define ARRAY_3(o) ARRAY(o), PyArray_DIM(AS_ARRAY(o), 0), PyArray_DIM(AS_ARRAY(o), 1), PyArray_DIM(AS_ARRAY(o), 2), \
    PyArray_STRIDE(AS_ARRAY(o), 0), PyArray_STRIDE(AS_ARRAY(o), 1), PyArray_STRIDE(AS_ARRAY(o), 2)
#define OF_ARRAY(n) void *, void *, int64_t, int64_t, void *, n
#define OF_ARRAY_1 OF_ARRAY(int64_t), int64_t
#define OF_ARRAY_2 OF_ARRAY(int64_t), int64_t, int64_t, int64_t
#define OF_ARRAY_3 OF_ARRAY(int64_t), int64_t, int64_t, int64_t, int64_t, int64_t

#define READS (NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED)
#define WRITES (READS | NPY_ARRAY_WRITEABLE)

static inline int is_array(PyObject *o, int type, int dimensions, int flags)
{
    return PyArray_Check(o) && PyArray_TYPE(AS_ARRAY(o)) == type && PyArray_NDIM(AS_ARRAY(o)) == dimensions &&
           PyArray_CHKFLAGS(AS_ARRAY(o), flags) && PyArray_ISNOTSWAPPED(AS_ARRAY(o));
}

static inline int is_tuple(PyObject *o, Py_ssize_t size)
{
    return PyTuple_CheckExact(o) && PyTuple_GET_SIZE(o) == size;
}

static inline int is_int64(PyObject *o, int64_t *value)
{
    if (PyLong_CheckExact(o)) {
        int beyond;
        *value = PyLong_AsLongLongAndOverflow(o, &beyond);
        return !beyond;
    }
    if (!PyArray_IsScalar(o, Int64))
        return 0;
    *value = PyArrayScalar_VAL(o, Int64);
    return 1;
}

#define NUMBER(name, type, scalar)                          \
    static inline int name(PyObject *o, type *value)        \
    {                                                       \
        if (!PyArray_IsScalar(o, scalar))                   \
            return 0;                                       \
        *value = PyArrayScalar_VAL(o, scalar);              \
        return 1;                                           \
    }
NUMBER(is_uint64, uint64_t, UInt64)
NUMBER(is_uint32, uint32_t, UInt32)

static inline int is_float64(PyObject *o, double *value)
{
    if (!PyFloat_Check(o))
        return 0;
    *value = PyFloat_AS_DOUBLE(o);
    return 1;
}

static inline int is_bool(PyObject *o, uint8_t *value)
{
    if (!PyBool_Check(o) && !PyArray_IsScalar(o, Bool))
        return 0;
    *value = PyBool_Check(o) ? o == Py_True : PyArrayScalar_VAL(o, Bool) != 0;
    return 1;
}

/* Memory that a kernel allocates, laid out as the code that Numba makes expects it: the first word counts references. */
typedef struct {
    size_t references;
    void *destroy, *destroyed;
    void *data;
    size_t size;
    void *allocator;
} Memory;

Memory *NRT_MemInfo_alloc_aligned(size_t size, unsigned align)
{
    Memory *made = size > SIZE_MAX - sizeof(Memory) - align ? NULL : malloc(sizeof(Memory) + align + size);
    if (made) {
        uintptr_t data = (uintptr_t)(made + 1);
        *made = (Memory){.references = 1, .data = (void *)(data + align - data % align), .size = size};
    }
    return made;
}

void NRT_MemInfo_call_dtor(Memory *memory)
{
    free(memory);
}

/* An array that a kernel returns. */
#define RETURNED(n)                                              \
    typedef struct {                                             \
        Memory *memory;                                          \
        void *parent;                                            \
        int64_t size, itemsize;                                  \
        void *data;                                              \
        int64_t shape[n], strides[n];                            \
    } array_##n;
RETURNED(1)
RETURNED(2)
RETURNED(3)

static PyObject *returned(int type, int dimensions, int64_t *shape, void *data, size_t bytes, Memory *memory)
{
    npy_intp sizes[3];
    for (int i = 0; i < dimensions; i++)
        sizes[i] = shape[i];
    PyObject *made = PyArray_SimpleNew(dimensions, sizes, type);
    if (made && bytes)
        memcpy(PyArray_DATA(AS_ARRAY(made)), data, bytes);
    if (memory && __atomic_sub_fetch(&memory->references, 1, __ATOMIC_SEQ_CST) == 0)
        free(memory);
    return made;
}

/* Raises the error of a kernel, which Numba stores as it would be pickled: a class, arguments, and a place. */
static PyObject *failed(const void *problem)
{
    const struct {
        const char *pickle;
        int32_t size;
    } *stored = problem;
    PyObject *pickle = PyImport_ImportModule("pickle"), *error, *made;
    error = pickle ? PyObject_CallMethod(pickle, "loads", "y#", stored->pickle, (Py_ssize_t)stored->size) : NULL;
    if (error && (made = PyObject_CallObject(PyTuple_GET_ITEM(error, 0), PyTuple_GET_ITEM(error, 1)))) {
        PyErr_SetObject(PyTuple_GET_ITEM(error, 0), made);
        Py_DECREF(made);
    }
    Py_XDECREF(error);
    Py_XDECREF(pickle);
    return NULL;
}

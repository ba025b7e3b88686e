/* The module: `bind(name, otherwise)` gives the function of a kernel, and `stamps` what the kernels were made of. */

static PyObject *bind(PyObject *module, PyObject *arguments)
{
    const char *name;
    PyObject *otherwise;
    if (!PyArg_ParseTuple(arguments, "sO", &name, &otherwise))
        return NULL;
    for (PyMethodDef *one = functions; one->ml_name; one++)
        if (strcmp(one->ml_name, name) == 0)
            return PyCFunction_New(one, otherwise);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"bind", bind, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "_kernels", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit__kernels(void)
{
    if (!supported()) {
        PyErr_SetString(PyExc_ImportError, "the kernels are compiled for a newer processor");
        return NULL;
    }
    import_array();
    PyObject *made = PyModule_Create(&definition), *found = PyList_New(0);
    for (const char *const *one = stamps; made && found && *one; one++) {
        PyObject *stamp = PyUnicode_FromString(*one);
        if (!stamp || PyList_Append(found, stamp) < 0)
            return NULL;
        Py_DECREF(stamp);
    }
    if (!made || !found || PyModule_AddObject(made, "stamps", found) < 0)
        return NULL;
    return made;
}
